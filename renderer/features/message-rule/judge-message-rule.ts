// What keeps the Message Rule tab from being saved. The rules are the contract's; the words are here.
import { MessageRuleConfig, SenderBlock } from '#contract/config';
import { parseBlock } from '#contract/addresses';
import type { Draft } from '#ipc';
import type { FieldProblems } from '../../components/settings-editor.ts';
import { refuseDomain } from './read-domains.ts';

const { shape } = MessageRuleConfig;
/** What the configuration takes of each list. */
const mostEntries = 10_000;

const numberWords = {
  maxMessageMegabytes: 'A whole number from 1 to 2047.',
  maxRecipients: 'A whole number from 1 to 100,000.',
  maxMessagesPerConnection: 'A whole number from 1 to 1,000,000.',
  maxMegabytesPerConnection: 'A whole number from 1 to 1,000,000.',
} as const;

/** Drafts share the lists that did not change: ten thousand entries are judged once and not for every key. */
const judged = new WeakMap<readonly string[], string | null>();

function once(entries: readonly string[], judge: (entries: readonly string[]) => string | null): string | null {
  const known = judged.get(entries);
  if (known !== undefined) return known;
  const problem = judge(entries);
  judged.set(entries, problem);
  return problem;
}

function wrongDomain(entries: readonly string[]): string | null {
  const at = entries.findIndex((entry) => refuseDomain(entry) !== null);
  const wrong = entries[at];
  if (wrong === undefined) return entries.length > mostEntries ? 'No more than 10,000 domains.' : null;
  const reason = refuseDomain(wrong) ?? '';
  return `“${wrong}” (entry ${at + 1}) is not a domain name.${reason === 'Not a domain name.' ? '' : ` ${reason}`}`;
}

function wrongSender(entries: readonly string[]): string | null {
  for (const entry of entries) {
    if (!SenderBlock.safeParse(entry).success) return `“${entry}” is not an address or a group of addresses.`;
    const parsed = parseBlock(entry);
    if ('reason' in parsed) return `“${entry}”: ${parsed.reason}`;
  }
  return entries.length > mostEntries ? 'No more than 10,000 senders.' : null;
}

/** Problems by path in the settings. */
export function judgeMessageRule({ settings }: Draft): FieldProblems {
  const rule = settings.messageRule;
  const domain = once(rule.relayDomains, wrongDomain);
  const sender = once(rule.permittedSenders, wrongSender);
  const numbers = (Object.keys(numberWords) as (keyof typeof numberWords)[])
    .filter((field) => !shape[field].safeParse(rule[field]).success)
    .map((field) => [`messageRule.${field}`, numberWords[field]]);
  return {
    ...(domain === null ? {} : { 'messageRule.relayDomains': domain }),
    ...(sender === null ? {} : { 'messageRule.permittedSenders': sender }),
    ...Object.fromEntries(numbers),
  };
}
