// Questions to the daemon whose answers are parsed at the door.
import type { z } from 'zod';
import type { DaemonQuestion } from '#contract/daemon';
import { done, failed } from '#contract/outcome';
import { type Answer, Explanation, QueueReply, StatusReply } from '#contract/replies';
import type { QueueTask } from '#contract/requests';
import { connectDaemon, type DaemonConnection } from '../store/daemon-client.ts';

/** Asks over an open connection and parses what comes back. */
export async function askFor<S extends z.ZodType>(
  daemon: DaemonConnection,
  question: DaemonQuestion,
  schema: S,
): Promise<Answer<z.infer<S>>> {
  const answer = await daemon.ask(question);
  if (!answer.ok) return answer;
  const value = schema.safeParse(answer.value);
  if (value.success) return done(value.data);
  return failed(
    'internal',
    `The daemon’s answer to “${question.ask}” is not one that this agent knows.`,
    'Restart the daemon: it may still run another version.',
  );
}

/** What runs, with the fate of one push when its id is given. */
export function askStatus(daemon: DaemonConnection, pushId?: string): Promise<Answer<StatusReply>> {
  return askFor(daemon, pushId === undefined ? { ask: 'status' } : { ask: 'status', pushId }, StatusReply);
}

type ExplainQuestion = Omit<Extract<DaemonQuestion, { ask: 'explain' }>, 'ask'>;

/** What would happen to a connection from this address, by what runs or by one release. */
export function askExplain(daemon: DaemonConnection, question: ExplainQuestion): Promise<Answer<Explanation>> {
  return askFor(daemon, { ask: 'explain', ...question }, Explanation);
}

/** One task for the queue. */
export function askQueue(daemon: DaemonConnection, task: QueueTask): Promise<Answer<QueueReply>> {
  return askFor(daemon, { ask: 'queue', task }, QueueReply);
}

/** Connects for the time of one conversation; the connection, and a lease taken over it, end with it. */
export async function withDaemon<T>(
  root: string,
  talk: (daemon: DaemonConnection) => Promise<Answer<T>>,
): Promise<Answer<T>> {
  const daemon = await connectDaemon(root);
  if (!daemon.ok) return daemon;
  try {
    return await talk(daemon.value);
  } finally {
    daemon.value.close();
  }
}
