// The semantic difference between two configurations, in the words of the screen. Pure, used by agent and desktop.
import { z } from 'zod';
import {
  ConnectionControl,
  defaultConfig,
  MessageDeliveryConfig,
  MessageRuleConfig,
  type GatewayConfig,
} from './config.ts';
import { interfaceFields, labelOf, modeField, smtpFields, tlsFields, type ValueField } from './difference-fields.ts';
import { deliveryFields, ruleFields } from './difference-mail-fields.ts';
import {
  countEntries,
  describeListDifference,
  describeWordsDifference,
  entriesInWords,
  type ListDifference,
} from './list-difference.ts';
import type { CertificateFacts } from './replies.ts';
import { formatRoute } from './route-text.ts';

/** One line of a review: what changes, from what, to what. Secrets appear only as changed or unchanged. */
export const Change = z.object({
  section: z.enum([
    'SMTP',
    'SMTP Interface',
    'Connection Control',
    'Transport Layer Security',
    'Message Rule',
    'Message Delivery',
  ]),
  field: z.string(), // path in the configuration: 'connections.interface.port'
  label: z.string(),
  before: z.string(),
  after: z.string(),
  /** The consequence: 'New connections only; open ones go on.' */
  note: z.string().optional(),
  /** For lists: the entries themselves, cut at 200. */
  added: z.array(z.string()).optional(),
  removed: z.array(z.string()).optional(),
});
export type Change = z.infer<typeof Change>;

/** A configuration with the content that its hashes stand for, so that a change can be told in words. */
export type Snapshot = {
  config: GatewayConfig;
  denyText: string; // '' where no list is named
  permitText: string;
  certificate: CertificateFacts | null;
  caCertificate: CertificateFacts | null;
};

const untouched: Snapshot = {
  config: defaultConfig,
  denyText: '',
  permitText: '',
  certificate: null,
  caCertificate: null,
};

/** What changes from one to the other, in the order of the screens. `before: null` compares with the defaults. */
export function describeDifference(before: Snapshot | null, after: Snapshot): Change[] {
  const from = before ?? untouched;
  return [
    ...describeValues([...smtpFields, ...interfaceFields, modeField], from, after),
    ...describeAddressLists(from, after),
    ...describeValues(tlsFields, from, after),
    ...describeRuleLists(from, after),
    ...describeValues(ruleFields, from, after),
    ...describeRoutes(from, after),
    ...describeValues(deliveryFields, from, after),
  ];
}

function describeValues(fields: ValueField[], before: Snapshot, after: Snapshot): Change[] {
  return fields.flatMap(({ section, field, label, words, identity, note }): Change[] => {
    const identify = identity ?? words;
    const [was, becomes] = [identify(before), identify(after)];
    if (was === becomes) return [];
    const consequence = note?.(before, after);
    const change = { section, field, label, ...tellApart(words(before), words(after)) };
    return [consequence === undefined ? change : { ...change, note: consequence }];
  });
}

/** Two files can say the same of themselves; they are still two. */
function tellApart(before: string, after: string): { before: string; after: string } {
  return { before, after: before === after ? `${after} (another file)` : after };
}

function describeAddressLists(before: Snapshot, after: Snapshot): Change[] {
  const mode = after.config.connections.control.mode;
  const deny = describeListDifference(before.denyText, after.denyText);
  const permit = describeListDifference(before.permitText, after.permitText);
  const section = 'Connection Control';
  const { denyList, permitList } = ConnectionControl.shape;
  return [
    ...tellList({ section, field: 'connections.control.denyList', label: labelOf(denyList) }, deny, {
      had: countEntries(before.denyText),
      has: countEntries(after.denyText),
      isKeptOnly: mode !== 'accept-except',
    }),
    ...tellList({ section, field: 'connections.control.permitList', label: labelOf(permitList) }, permit, {
      had: countEntries(before.permitText),
      has: countEntries(after.permitText),
      isKeptOnly: mode !== 'deny-except',
    }),
  ];
}

function describeRuleLists(before: Snapshot, after: Snapshot): Change[] {
  return (['relayDomains', 'permittedSenders'] as const).flatMap((field) => {
    const [had, has] = [before.config.messageRule[field], after.config.messageRule[field]];
    const label = labelOf(MessageRuleConfig.shape[field]);
    const counts = { had: had.length, has: has.length, isKeptOnly: false };
    const where = { section: 'Message Rule', field: `messageRule.${field}`, label } as const;
    return tellList(where, describeWordsDifference(had, has), counts);
  });
}

/** Rows as the text of an export; their order means nothing. A row that changes is one removed and one added. */
function describeRoutes({ config: before }: Snapshot, { config: after }: Snapshot): Change[] {
  const had = before.messageDelivery.routes.map(formatRoute);
  const has = after.messageDelivery.routes.map(formatRoute);
  const label = labelOf(MessageDeliveryConfig.shape.routes);
  const where = { section: 'Message Delivery', field: 'messageDelivery.routes', label } as const;
  const counts = { had: had.length, has: has.length, isKeptOnly: false };
  return tellList(where, describeWordsDifference(had, has), counts);
}

/** `after` holds the difference itself ('+ 3 entries, − 1'); the note says how many entries that makes. */
function tellList(
  where: Pick<Change, 'section' | 'field' | 'label'>,
  difference: ListDifference | null,
  counts: { had: number; has: number; isKeptOnly: boolean },
): Change[] {
  if (difference === null) return [];
  const { words, added, removed } = difference;
  const kept = counts.isKeptOnly ? ' It is kept, but the other list decides.' : '';
  const note = `The list then holds ${entriesInWords(counts.has)}.${kept}`;
  return [{ ...where, before: entriesInWords(counts.had), after: words, note, added, removed }];
}
