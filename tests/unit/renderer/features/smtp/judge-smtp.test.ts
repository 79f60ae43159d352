import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../../../../gateway-agent/contract/settings.ts';
import { judgeSmtp } from '../../../../../renderer/features/smtp/judge-smtp.ts';

function judge(smtp: Partial<typeof defaultSettings.smtp>) {
  const settings = { ...structuredClone(defaultSettings), smtp: { ...defaultSettings.smtp, ...smtp } };
  return judgeSmtp({ settings, overrides: [], denyText: '', permitText: '' });
}

describe('judgeSmtp', () => {
  it('has nothing against defaults and good names', () => {
    expect(judge({})).toEqual({});
    expect(
      judge({
        greetingName: 'mx1.example.net',
        bannerText: 'no spam',
        heloName: 'out.example.net',
        postmaster: 'postmaster@example.net',
      }),
    ).toEqual({});
  });

  it('names each field that is wrong', () => {
    const problems = judge({ greetingName: '', bannerText: 'grüß', heloName: 'a b', postmaster: 'nobody' });

    expect(Object.keys(problems)).toEqual(['smtp.greetingName', 'smtp.bannerText', 'smtp.heloName', 'smtp.postmaster']);
    expect(problems['smtp.greetingName']).toMatch(/^Type a full host name/);
  });
});
