// The daemons of many endpoints in one process: 200 real ones would need 15 GB. They answer what `rpc` asks at once and
// remember who is pushed; the SMTP port that all of them name greets. Started with: FILE (a JSON list of roots), PORT.
import { mkdir, readFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { DaemonQuestion } from '#contract/daemon';
import type { PushRecord } from '#contract/replies';
import { daemonSocketPath } from '../../../gateway-agent/store/socket-path.ts';

const banner = '220 bench.example.test ESMTP';

function answersOf(smtpPort: number): (question: DaemonQuestion) => unknown {
  const records = new Map<string, Pick<PushRecord, 'outcome' | 'revision'>>();
  let running: string | null = null;
  const address = '127.0.0.1';
  const listensOn = [{ address, port: smtpPort }];
  const listeners = [{ address, port: smtpPort, result: 'proved', banner, milliseconds: 1 }];
  return (question) => {
    switch (question.ask) {
      case 'serve-candidate':
        running = question.revision;
        records.set(question.pushId, { outcome: 'pending', revision: question.revision });
        return { proof: { result: 'proved', listeners }, listensOn };
      case 'prove':
        return { proof: { result: 'proved', listeners }, listensOn };
      case 'hold':
        records.set(question.pushId, { outcome: 'confirmed', revision: question.revision });
        return null;
      case 'explain':
        return { address: question.address, verdict: 'accept', steps: [] };
      case 'status':
        return statusOf(running, recordOf(records, question.pushId));
      case 'lease':
      case 'can-listen':
      case 'obey':
      case 'abandon':
      case 'record':
      case 'queue':
        return null;
    }
  };
}

function recordOf(records: ReadonlyMap<string, object>, pushId: string | undefined): object | null {
  const record = pushId === undefined ? undefined : records.get(pushId);
  return record === undefined ? null : { ...record, pushId, author: 'bench', at: new Date().toISOString() };
}

function statusOf(runningRevision: string | null, push: object | null): object {
  return {
    daemonAnswers: true,
    currentRevision: runningRevision,
    runningRevision,
    config: null,
    listeners: [],
    notices: [],
    connections: { now: 0, limit: null, peak: 0 },
    accepted: 0,
    refused: {},
    messages: { relayed: 0, refused: 0 },
    certificate: null,
    pending: null,
    push,
    startedAt: null,
  };
}

function talk(socket: Socket, answer: (question: DaemonQuestion) => unknown): void {
  socket.on('error', () => undefined);
  createInterface({ input: socket }).on('line', (line) => {
    const value = answer(DaemonQuestion.parse(JSON.parse(line)));
    socket.write(`${JSON.stringify({ ok: true, value })}\n`);
  });
}

function greet(socket: Socket): void {
  socket.on('error', () => undefined);
  socket.write(`${banner}\r\n`);
  createInterface({ input: socket }).on('line', (line) => {
    const isGoodbye = /^quit/i.test(line);
    socket.write(isGoodbye ? '221 Bye\r\n' : '250 bench.example.test\r\n');
    if (isGoodbye) socket.end();
  });
}

const [file = '', port = ''] = process.argv.slice(2);
const roots = z.array(z.string()).parse(JSON.parse(await readFile(file, 'utf8')));
for (const root of roots) {
  const answer = answersOf(Number(port));
  await mkdir(dirname(daemonSocketPath(root)), { recursive: true });
  createServer((socket) => talk(socket, answer)).listen(daemonSocketPath(root));
}
createServer(greet).listen(Number(port), '127.0.0.1');
