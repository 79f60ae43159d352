// What the demo delivers and what must become of it. Every expectation can fail, and then the demo does.
import { createServer } from 'node:net';
import { localRelayDomain } from '../local-gateway/local-record.ts';
import type { Delivered, Delivery } from './demo-delivery.ts';

export type Scene = {
  words: string;
  from: string;
  usesTls: boolean;
  recipient: string;
  expects: { code: number; stage: string; rule: string | null };
};

/** What happened in one scene. `complaint`: what is not as it should be. */
export type SceneResult = {
  scene: Scene;
  delivered: Delivered;
  reference: string | null;
  rule: string | null;
  why: string;
  complaint: string | null;
};

export const allowedAddress = '127.0.0.1';
const inside = `someone@${localRelayDomain}`;

/** A second address of this computer: Linux has all of 127/8, others have ::1. */
export function findDeniedAddress(): Promise<string> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve('::1'));
    server.listen(0, '127.0.0.66', () => server.close(() => resolve('127.0.0.66')));
  });
}

/** While TLS is offered and nobody is made to use it. */
export function offeredScenes(denied: string): Scene[] {
  const refused = { code: 554, stage: 'connect', rule: 'deny-list' };
  const taken = { code: 250, stage: 'message', rule: null };
  return [
    { words: 'allowed', from: allowedAddress, usesTls: false, recipient: inside, expects: taken },
    { words: 'allowed', from: allowedAddress, usesTls: true, recipient: inside, expects: taken },
    { words: 'denied', from: denied, usesTls: false, recipient: inside, expects: refused },
    { words: 'denied', from: denied, usesTls: true, recipient: inside, expects: refused },
    {
      words: 'no open relay',
      from: allowedAddress,
      usesTls: false,
      recipient: 'someone@elsewhere.test',
      expects: { code: 550, stage: 'RCPT', rule: 'relay-denied' },
    },
  ];
}

/** After a second push that makes TLS a must. */
export function requiredScenes(): Scene[] {
  return [
    {
      words: 'TLS required',
      from: allowedAddress,
      usesTls: false,
      recipient: inside,
      expects: { code: 530, stage: 'MAIL', rule: 'tls-requirement' },
    },
    {
      words: 'TLS required',
      from: allowedAddress,
      usesTls: true,
      recipient: inside,
      expects: { code: 250, stage: 'message', rule: null },
    },
  ];
}

/** The delivery of a scene. */
export function toDelivery({ from, usesTls, recipient }: Scene, port: number): Delivery {
  return { from, usesTls, recipient, port };
}

/** The reference in a reply: '554 5.7.1 ... (ABCD2345)'. */
export function referenceOf(reply: string): string | null {
  return /\(([A-Z2-9]{8})\)$/.exec(reply)?.[1] ?? null;
}

export type Logged = { rule: string | null; entry: string | null };

/** Compares what was seen with what must be: reply, reference, the rule in the event log, the served certificate. */
export function judgeScene(
  scene: Scene,
  seen: { delivered: Delivered; logged: Logged; fingerprint: string },
): SceneResult {
  const { delivered, logged } = seen;
  const { expects } = scene;
  const reference = referenceOf(delivered.reply);
  const complaints: string[] = [];
  if (delivered.code !== expects.code || delivered.stage !== expects.stage) {
    complaints.push(`expected ${expects.code} at ${expects.stage}, got ${delivered.reply} at ${delivered.stage}`);
  }
  if (expects.rule !== null && reference === null) complaints.push('the refusal carries no reference');
  if (expects.rule !== logged.rule) {
    complaints.push(`expected the rule ${expects.rule ?? 'none'}, the event log says ${logged.rule ?? 'none'}`);
  }
  const sawTls = scene.usesTls && expects.code === 250;
  if (sawTls && delivered.fingerprint !== seen.fingerprint) complaints.push('another certificate was served');
  const entry = logged.entry === null ? '' : ` ${logged.entry}`;
  return {
    scene,
    delivered,
    reference,
    rule: logged.rule,
    why: logged.rule === null ? 'accepted, relayed to the next hop' : `${logged.rule}${entry}`,
    complaint: complaints.length === 0 ? null : complaints.join('; '),
  };
}
