// What a review says of Message Rule and Message Delivery, field by field; their lists are told in difference.ts.
import { MessageDeliveryConfig, MessageRuleConfig } from './config.ts';
import { labelOf, onOrOff, type ValueField } from './difference-fields.ts';
import type { Snapshot } from './difference.ts';

type RuleField = keyof MessageRuleConfig;
type DeliveryField = keyof MessageDeliveryConfig;
type Rest = Pick<ValueField, 'note'>;

/** The single values of Message Rule. */
export const ruleFields: ValueField[] = [
  ruleField('permitsGatewayItself', (rule) => (rule.permitsGatewayItself ? 'May send' : 'May not send')),
  ruleField('permitsNetwork', (rule) => networkWords[rule.permitsNetwork], {
    note: (_, { config }) => networkNotes[config.messageRule.permitsNetwork],
  }),
  ruleField('maxMessageMegabytes', (rule) => `${rule.maxMessageMegabytes} MB`),
  ruleField('maxRecipients', (rule) => String(rule.maxRecipients)),
  ruleField('maxMessagesPerConnection', (rule) => rule.maxMessagesPerConnection?.toString() ?? 'No limit', {
    note: (_, { config }) => closesAt(config.messageRule.maxMessagesPerConnection),
  }),
  ruleField('maxMegabytesPerConnection', (rule) => inMegabytes(rule.maxMegabytesPerConnection), {
    note: (_, { config }) => closesAt(config.messageRule.maxMegabytesPerConnection),
  }),
  ruleField('rejectsUnknownSenderDomain', (rule) => onOrOff(rule.rejectsUnknownSenderDomain), {
    note: (_, { config }) =>
      config.messageRule.rejectsUnknownSenderDomain
        ? 'Such mail gets 550 5.1.8, or 451 while DNS does not answer; permitted senders are not asked.'
        : undefined,
  }),
  ruleField('rejectsClientWithoutReverseDns', (rule) => onOrOff(rule.rejectsClientWithoutReverseDns), {
    note: (_, { config }) =>
      config.messageRule.rejectsClientWithoutReverseDns
        ? 'Such clients get 550 5.7.25, or 450 while DNS does not answer; permitted senders are not asked.'
        : undefined,
  }),
];

/** The single values of Message Delivery. */
export const deliveryFields: ValueField[] = [
  deliveryField('nextHop', ({ nextHop }) => (nextHop === null ? 'None' : `${nextHop.host}, port ${nextHop.port}`), {
    note: (_, { config }) =>
      config.messageDelivery.nextHop === null ? 'What no route claims goes by MX record.' : undefined,
  }),
  deliveryField('peerPolicies', ({ peerPolicies }) => policyWords[peerPolicies], {
    note: (_, { config }) => policyNotes[config.messageDelivery.peerPolicies],
  }),
  deliveryField('maxConnectionsPerDestination', (delivery) => String(delivery.maxConnectionsPerDestination)),
  deliveryField('giveUpAfterHours', ({ giveUpAfterHours }) => inHours(giveUpAfterHours), {
    note: ({ config: before }, { config: after }) =>
      after.messageDelivery.giveUpAfterHours < before.messageDelivery.giveUpAfterHours
        ? 'Older mail in the queue is returned to its sender after its next failed attempt.'
        : undefined,
  }),
  deliveryField('delayNoticeAfterHours', ({ delayNoticeAfterHours }) =>
    delayNoticeAfterHours === null ? 'Never' : inHours(delayNoticeAfterHours),
  ),
];

const networkWords = {
  none: 'None',
  subnet: "The subnets of the gateway's interfaces",
  class: "The classes (A, B, C) of the gateway's addresses",
} as const;

const networkNotes = {
  none: undefined,
  subnet: 'Every host of these subnets may send to any recipient.',
  class: 'Every host of these classes, up to 16 million for class A, may send to any recipient.',
} as const;

const policyWords = { off: 'Off', monitor: 'Monitor', enforce: 'Enforce' } as const;

const policyNotes = {
  off: undefined,
  monitor: 'Only reported: mail goes out as before.',
  enforce: 'Mail waits where a server does not keep its published policy.',
} as const;

function ruleField(name: RuleField, words: (rule: MessageRuleConfig) => string, rest: Rest = {}): ValueField {
  const label = labelOf(MessageRuleConfig.shape[name]);
  const read = ({ config }: Snapshot): string => words(config.messageRule);
  return { section: 'Message Rule', field: `messageRule.${name}`, label, words: read, ...rest };
}

function deliveryField(
  name: DeliveryField,
  words: (delivery: MessageDeliveryConfig) => string,
  rest: Rest = {},
): ValueField {
  const label = labelOf(MessageDeliveryConfig.shape[name]);
  const read = ({ config }: Snapshot): string => words(config.messageDelivery);
  return { section: 'Message Delivery', field: `messageDelivery.${name}`, label, words: read, ...rest };
}

function closesAt(limit: number | null): string | undefined {
  return limit === null ? undefined : 'Then answered 421: the client goes on with a new connection.';
}

function inMegabytes(megabytes: number | null): string {
  return megabytes === null ? 'No limit' : `${megabytes} MB`;
}

function inHours(hours: number): string {
  return hours === 1 ? '1 hour' : `${hours} hours`;
}
