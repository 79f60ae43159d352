// What keeps the Message Rule tab from being saved.
import { describe, expect, it } from 'vitest';
import { defaultSettings } from '#contract/settings';
import { judgeMessageRule } from '../../../../../renderer/features/message-rule/judge-message-rule.ts';

function judge(part: Partial<typeof defaultSettings.messageRule>): Record<string, string> {
  const settings = { ...defaultSettings, messageRule: { ...defaultSettings.messageRule, ...part } };
  return judgeMessageRule({ settings, overrides: [], denyText: '', permitText: '' });
}

describe('judgeMessageRule', () => {
  it('takes the defaults', () => {
    expect(judge({})).toEqual({});
  });

  it('takes a domain and every name below one', () => {
    expect(judge({ relayDomains: ['example.net', '*.example.net'] })).toEqual({});
  });

  it('names the entry that is no domain', () => {
    expect(judge({ relayDomains: ['example.net', 'a@example.org'] })['messageRule.relayDomains']).toContain(
      '“a@example.org”',
    );
  });

  it('names the sender that is no address', () => {
    expect(judge({ permittedSenders: ['192.0.2.0/24', '192.0.2.300'] })['messageRule.permittedSenders']).toContain(
      '“192.0.2.300”',
    );
  });

  it('refuses an emptied number instead of inventing one', () => {
    expect(judge({ maxMessageMegabytes: Number.NaN })).toHaveProperty(['messageRule.maxMessageMegabytes']);
  });
});
