// run/agent.sock: JSON lines, one answer for each question, in their order. Parses at the door; decides nothing.
import { chmod, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { DaemonQuestion } from '#contract/daemon';
import { failed } from '#contract/outcome';
import type { Answer } from '#contract/replies';
import { daemonSocketPath } from '../store/socket-path.ts';
import type { Asker } from './control.ts';

/** What answers the questions. */
export type Answerer = {
  answer(asker: Asker, question: DaemonQuestion): Promise<Answer<unknown>>;
  leave(asker: Asker): void;
};

/** Questions of rpc are short; the longest names 64 addresses. Postern's own number. */
const maxLineBytes = 64 * 1024;

/** Owner and group: the daemon's user and postern-deploy. */
const socketMode = 0o660;

/** Opens the socket; whoever holds the daemon lock may replace one that was left behind. */
export async function openControlSocket(root: string, answerer: Answerer): Promise<{ close(): Promise<void> }> {
  const path = daemonSocketPath(root);
  if (process.platform !== 'win32') await rm(path, { force: true });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    talk(socket, answerer);
  });
  await listen(server, path);
  if (process.platform !== 'win32') await chmod(path, socketMode);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // Nobody outside may connect in the moment before chmod.
    const before = process.platform === 'win32' ? null : process.umask(0o117);
    server.listen(path, resolve);
    if (before !== null) process.umask(before);
  });
}

function talk(socket: Socket, answerer: Answerer): void {
  const asker: Asker = { id: Symbol('asker') };
  let received = 0;
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    received = chunk.includes(0x0a) ? 0 : received + chunk.length;
    if (received > maxLineBytes) socket.destroy();
  });
  socket.once('close', () => answerer.leave(asker));
  let turn = Promise.resolve();
  const lines = createInterface({ input: socket, crlfDelay: Infinity });
  // It repeats the socket's errors, and one that nobody hears ends the daemon: an asker may leave before its answer.
  lines.on('error', () => undefined);
  lines.on('line', (line) => {
    turn = turn.then(async () => {
      const answer = await answerLine(asker, line, answerer);
      if (!socket.destroyed) socket.write(`${JSON.stringify(answer)}\n`);
    });
  });
}

async function answerLine(asker: Asker, line: string, answerer: Answerer): Promise<Answer<unknown>> {
  try {
    const question = DaemonQuestion.safeParse(JSON.parse(line));
    if (!question.success) return failed('bad-request', z.prettifyError(question.error));
    return await answerer.answer(asker, question.data);
  } catch (error) {
    if (error instanceof SyntaxError) return failed('bad-request', 'Not JSON.');
    process.emitWarning(error instanceof Error ? error : String(error));
    return failed('internal', 'The daemon could not answer; its log has more.');
  }
}
