// The daemon's end of the control socket with answers that a test chooses: for what a real daemon does only by accident.
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { DaemonQuestion } from '../../gateway-agent/contract/daemon.ts';
import { daemonSocketPath } from '../../gateway-agent/store/socket-path.ts';

/** What to write for a question; null closes the connection as a daemon that dies. */
export type AnswerQuestion = (question: DaemonQuestion) => string | null;

/** Listens until the test ends; gives the questions asked so far. */
export async function startFakeDaemon(root: string, answer: AnswerQuestion): Promise<DaemonQuestion['ask'][]> {
  const asked: DaemonQuestion['ask'][] = [];
  await mkdir(dirname(daemonSocketPath(root)), { recursive: true });
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    createInterface({ input: socket }).on('line', (line) => {
      const question = DaemonQuestion.parse(JSON.parse(line));
      asked.push(question.ask);
      const reply = answer(question);
      if (reply === null) socket.destroy();
      else socket.write(reply);
    });
  });
  await new Promise<void>((resolve) => server.listen(daemonSocketPath(root), resolve));
  onTestFinished(() => void server.close());
  return asked;
}
