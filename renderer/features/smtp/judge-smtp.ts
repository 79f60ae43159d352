// What keeps the SMTP tab from being saved. The rules are the contract's; the words are here.
import { endsInNumber } from '#contract/address-text';
import { SmtpConfig } from '#contract/config';
import type { Draft } from '#ipc';
import type { FieldProblems } from '../../components/settings-editor.ts';

const { shape } = SmtpConfig;

const words = {
  greetingName: 'Type a full host name, such as mx1.example.net, or choose the name of the host.',
  bannerText: 'Use letters, digits and signs of ASCII, at most 200 of them.',
  heloName: 'Type a full host name for sending, such as out.example.net, or choose the greeting name.',
  postmaster: 'Type one mail address, such as postmaster@example.net, or choose the one at the greeting name.',
} as const;

/** An address in the place of a name: many servers turn away a client that greets with one. */
function isNumber(field: keyof typeof words, value: string | null): boolean {
  return (field === 'greetingName' || field === 'heloName') && value !== null && endsInNumber(value);
}

/** Problems by path in the settings. */
export function judgeSmtp({ settings }: Draft): FieldProblems {
  const wrong = (Object.keys(words) as (keyof typeof words)[]).filter(
    (field) => !shape[field].safeParse(settings.smtp[field]).success || isNumber(field, settings.smtp[field]),
  );
  return Object.fromEntries(wrong.map((field) => [`smtp.${field}`, words[field]]));
}
