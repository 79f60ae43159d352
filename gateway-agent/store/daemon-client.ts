// The rpc's side of run/agent.sock: one question at a time, one answer each, JSON lines both ways.
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { DaemonQuestion } from '#contract/daemon';
import { done, failed, type Outcome } from '#contract/outcome';
import { type Answer, ReplyProblem } from '#contract/replies';
import { daemonSocketPath } from './socket-path.ts';

/** An open connection. A lease taken over it ends when it closes. */
export type DaemonConnection = {
  /** Asks and waits; a daemon that stops or stays silent is `daemon-down`. Never two at a time. */
  ask(question: DaemonQuestion): Promise<Answer<unknown>>;
  close(): void;
};

const AnswerLine = z.union([
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), problem: ReplyProblem }),
]);

/** Our own limits. A switch binds, probes up to 64 addresses and may wait for a slow TLS handshake. */
const answerMilliseconds = { slow: 90_000, quick: 15_000 } as const;
const slowQuestions: readonly DaemonQuestion['ask'][] = ['serve-candidate', 'prove', 'obey', 'abandon'];
const connectMilliseconds = 5_000;

const startIt = 'Start it on the gateway (systemctl start postern-gateway-agent), then try again.';

/** Connects to the daemon of this root folder; `daemon-down` when none listens or this user may not ask it. */
export async function connectDaemon(root: string): Promise<Outcome<DaemonConnection>> {
  const socket = connect(daemonSocketPath(root));
  const refusal = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
    socket.once('connect', () => resolve(null));
    socket.once('error', resolve);
    socket.setTimeout(connectMilliseconds, () => resolve(new Error('No answer.')));
  });
  if (refusal === null) return done(talkOver(socket.setTimeout(0)));
  socket.destroy();
  if (refusal.code === 'EACCES') {
    return failed('daemon-down', 'The rpc user may not reach the daemon.', 'Add postern-deploy to the group postern.');
  }
  return failed('daemon-down', 'The gateway’s daemon is not running.', startIt);
}

function talkOver(socket: Socket): DaemonConnection {
  const lines = createInterface({ input: socket, crlfDelay: Infinity })[Symbol.asyncIterator]();
  socket.on('error', () => socket.destroy()); // ends `lines`; the question under way learns it there
  return {
    close: () => socket.destroy(),
    async ask(question) {
      socket.write(`${JSON.stringify(question)}\n`);
      const isSlow = slowQuestions.includes(question.ask);
      const line = await nextLine(lines, answerMilliseconds[isSlow ? 'slow' : 'quick']);
      if (line !== null) return readAnswer(line);
      socket.destroy();
      return failed('daemon-down', `The gateway’s daemon stopped or fell silent at “${question.ask}”.`, startIt);
    },
  };
}

/** The next line, or null when the connection ended or the time is over. */
async function nextLine(lines: AsyncIterator<string>, milliseconds: number): Promise<string | null> {
  const timer = new AbortController();
  const tooLate = delay(milliseconds, null, { signal: timer.signal }).catch(() => null);
  const next = await Promise.race([lines.next().catch(() => null), tooLate]);
  timer.abort();
  return next === null || next.done === true ? null : next.value;
}

function readAnswer(line: string): Answer<unknown> {
  try {
    const answer = AnswerLine.parse(JSON.parse(line));
    return answer.ok ? done(answer.value) : answer;
  } catch {
    return failed(
      'internal',
      'The daemon answered in a form that this agent does not know.',
      'Restart the daemon: it may be of another version.',
    );
  }
}
