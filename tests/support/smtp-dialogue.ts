// The dialogue player: one scenario in one text file, read aloud to a real gateway. The lines it knows:
//   config KEY = VALUE · hop STAGE = REPLY · client ADDRESS · minute MILLISECONDS · fill KEY = TEXT * COUNT
//   C: line · C> bytes with \r \n \0 \xNN and {KEY} · S: pattern with * · S: (closed) · TLS · pause MILLISECONDS
import { connectSmtp, type SmtpClient } from './smtp-client.ts';
import type { GatewayWish } from './smtp-release.ts';
import type { NextHopWish, Stage } from './smtp-next-hop.ts';

type Step = { line: number; verb: string; text: string };

/** One scenario, read. */
export type Dialogue = {
  wish: GatewayWish;
  hop: NonNullable<NextHopWish['reactions']>;
  client: string;
  minuteMilliseconds: number | null;
  steps: Step[];
};

const ruleKeys = new Set([
  'relayDomains',
  'permitsGatewayItself',
  'permittedSenders',
  'maxMessageMegabytes',
  'maxRecipients',
  'maxMessagesPerConnection',
  'maxMegabytesPerConnection',
]);
const smtpKeys = new Set(['bannerText', 'heloName', 'postmaster']);

/** Reads a scenario; a line that is not understood is an error, not a comment. */
export function parseDialogue(text: string): Dialogue {
  const dialogue: Dialogue = { wish: {}, hop: {}, client: '127.0.0.1', minuteMilliseconds: null, steps: [] };
  const fills = new Map<string, string>();
  text.split('\n').forEach((raw, index) => {
    const match = /^(config|hop|client|minute|fill|C:|C>|S:|TLS|pause)(?:\s+(.*)|)$/.exec(raw.trimEnd());
    if (raw.trim() === '' || raw.startsWith('#')) return;
    if (!match) throw new Error(`Line ${index + 1} is not understood: ${raw}`);
    const [, verb = '', rest = ''] = match;
    const [, key = '', value = ''] = /^(\S+)\s*=\s*(.*)$/.exec(rest) ?? [];
    if (verb === 'config') configure(dialogue.wish, key, value);
    else if (verb === 'hop') dialogue.hop[key as Stage] = value;
    else if (verb === 'client') dialogue.client = rest;
    else if (verb === 'minute') dialogue.minuteMilliseconds = Number(rest);
    else if (verb === 'fill') {
      const [, unit = '', count = '0'] = /^(.*) \* (\d+)$/.exec(value) ?? [];
      fills.set(key, unescapeBytes(unit).repeat(Number(count)));
    } else {
      const filled = rest.replace(/\{(\w+)\}/g, (whole, name: string) => fills.get(name) ?? whole);
      dialogue.steps.push({ line: index + 1, verb, text: verb === 'C>' ? unescapeBytes(filled) : filled });
    }
  });
  return dialogue;
}

function configure(wish: GatewayWish, key: string, rawValue: string): void {
  const value: unknown = /^(?:\[.*|\d+|true|false|null)$/.test(rawValue) ? JSON.parse(rawValue) : rawValue;
  if (ruleKeys.has(key)) wish.rule = { ...wish.rule, [key]: value };
  else if (smtpKeys.has(key)) wish.smtp = { ...wish.smtp, [key]: value };
  else Object.assign(wish, { [key]: typeof value === 'string' ? unescapeBytes(value) : value });
}

function unescapeBytes(text: string): string {
  const named: Record<string, string> = { r: '\r', n: '\n', t: '\t', '0': '\0' };
  return text.replace(/\\(?:x([0-9a-f]{2})|([rnt0]))/gi, (_, hex: string | undefined, name: string | undefined) =>
    hex === undefined ? (named[name ?? ''] ?? '') : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** Plays the steps; throws with the line number at the first reply that differs. A dialogue without `S: 220` is greeted. */
export async function playDialogue({ steps, client: from }: Dialogue, port: number): Promise<void> {
  const client = await connectSmtp(port, { from });
  const lines: string[] = [];
  try {
    const isGreetedBySteps = steps.find(({ verb }) => verb === 'S:' || verb === 'C:' || verb === 'C>')?.verb === 'S:';
    if (!isGreetedBySteps) {
      await client.reply();
      await client.say('EHLO client.test');
    }
    for (const step of steps) await playStep(step, client, lines);
  } finally {
    client.close();
  }
}

async function playStep({ line, verb, text }: Step, client: SmtpClient, lines: string[]): Promise<void> {
  if (verb === 'C:') client.write(`${text}\r\n`);
  else if (verb === 'C>') client.write(text);
  else if (verb === 'pause') await new Promise((resolve) => setTimeout(resolve, Number(text)));
  else if (verb === 'TLS') await client.handshake();
  else if (text === '(closed)') {
    if (!(await client.closes())) throw new Error(`Line ${line}: the connection is still open`);
  } else {
    if (lines.length === 0) lines.push(...(await client.reply()).split(/\r?\n/));
    const heard = lines.shift() ?? '';
    if (!toPattern(text).test(heard)) throw new Error(`Line ${line}: expected “${text}”, heard “${heard}”`);
  }
}

function toPattern(text: string): RegExp {
  const parts = text.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}
