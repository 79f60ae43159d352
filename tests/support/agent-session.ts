// A conversation with one gateway's agent over OpenSSH's own client: each question a connection of its own.
import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { revisionOf } from '../../gateway-agent/certificates/hash.ts';
import { type Replies, replies } from '../../gateway-agent/contract/replies.ts';
import { type ApplyOptions, buildApply } from './agent-requests.ts';
import { runAsRoot } from './as-root.ts';
import { askOverSsh } from './ssh-client.ts';
import type { SshdGateway } from './sshd-gateway.ts';

type Status = Replies['status'];

export type AgentSession = {
  /** The outcome of one request. */
  ask(request: object): Promise<unknown>;
  status(pushId?: string): Promise<Status>;
  /** Applies and confirms; gives the revision, or throws what the agent said. */
  pushWhole(options: ApplyOptions): Promise<string>;
  abandon(pushId: string): Promise<unknown>;
  /** Asks again until it is so, at most 15 s. */
  waitForStatus(pushId: string, isTrue: (status: Status) => boolean): Promise<Status>;
  /** The whole event log. */
  events(): Promise<string>;
};

/** Speaks with the agent of a gateway. */
export function openAgentSession(gateway: SshdGateway): AgentSession {
  const ask = async (request: object): Promise<unknown> => (await askOverSsh(gateway, request)).at(-1);
  const status = async (pushId?: string): Promise<Status> => {
    const answer = await ask({ verb: 'status', protocol: 1, ...(pushId === undefined ? {} : { pushId }) });
    return z.object({ value: replies.status }).parse(answer).value;
  };
  return {
    ask,
    status,
    async pushWhole(options) {
      const request = buildApply(options);
      const revision = revisionOf(request.release.config);
      const applied = z.object({ ok: z.boolean() }).parse(await ask(request));
      if (!applied.ok) throw new Error(JSON.stringify(applied));
      const confirm = { verb: 'confirm', protocol: 1, pushId: request.pushId, revision };
      z.object({ ok: z.literal(true) }).parse(await ask(confirm));
      return revision;
    },
    abandon: (pushId) => ask({ verb: 'abandon', protocol: 1, pushId }),
    async waitForStatus(pushId, isTrue) {
      const deadline = Date.now() + 15_000;
      while (Date.now() < deadline) {
        const now = await status(pushId);
        if (isTrue(now)) return now;
        await delay(100);
      }
      throw new Error('The status did not change in time.');
    },
    events: () => runAsRoot('sh', '-c', `cat ${join(gateway.root, 'events')}/*.jsonl`),
  };
}
