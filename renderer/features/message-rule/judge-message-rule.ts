// What keeps the Message Rule tab from being saved. The rules are the contract's; the words are here.
import { MessageRuleConfig, RelayDomain, SenderBlock } from '#contract/config';
import { parseBlock } from '#contract/addresses';
import type { Draft } from '#ipc';
import type { FieldProblems } from '../../components/settings-editor.ts';

const { shape } = MessageRuleConfig;

function wrongDomain(entries: string[]): string | null {
  const wrong = entries.find((entry) => !RelayDomain.safeParse(entry).success);
  if (wrong === undefined) return entries.length > 10_000 ? 'No more than 10,000 domains.' : null;
  const at = wrong.includes('@') ? ' Leave out what stands before the @.' : '';
  return `“${wrong}” is not a domain name.${at}`;
}

function wrongSender(entries: string[]): string | null {
  for (const entry of entries) {
    if (!SenderBlock.safeParse(entry).success) return `“${entry}” is not an address or a group of addresses.`;
    const parsed = parseBlock(entry);
    if ('reason' in parsed) return `“${entry}”: ${parsed.reason}`;
  }
  return entries.length > 10_000 ? 'No more than 10,000 senders.' : null;
}

/** Problems by path in the settings. */
export function judgeMessageRule({ settings }: Draft): FieldProblems {
  const rule = settings.messageRule;
  const domain = wrongDomain(rule.relayDomains);
  const sender = wrongSender(rule.permittedSenders);
  return {
    ...(domain === null ? {} : { 'messageRule.relayDomains': domain }),
    ...(sender === null ? {} : { 'messageRule.permittedSenders': sender }),
    ...(shape.maxMessageMegabytes.safeParse(rule.maxMessageMegabytes).success
      ? {}
      : { 'messageRule.maxMessageMegabytes': 'A whole number from 1 to 2047.' }),
    ...(shape.maxRecipients.safeParse(rule.maxRecipients).success
      ? {}
      : { 'messageRule.maxRecipients': 'A whole number from 1 to 100,000.' }),
  };
}
