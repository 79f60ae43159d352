// One shot per SSH call: one request on stdin, progress lines and one outcome on stdout. It finishes what it began
// even when the connection breaks, so that the desktop can ask later what became of its push.
import './uncompiled-schemas.ts';
import { hostname } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { done, failed, type Outcome } from '#contract/outcome';
import { maxRequestBytes } from '#contract/protocol';
import type { Answer } from '#contract/replies';
import { agentVersion } from './agent-version.ts';
import type { CommandContext } from './commands/command-context.ts';
import { parseRequest } from './parse-request.ts';
import { runVerb } from './run-verb.ts';
import { storageProblem } from './store/storage-problem.ts';

/** What one call is given; streams and environment are passed in by tests. */
export type RpcOptions = {
  root: string;
  author: string;
  input?: Readable;
  output?: Writable;
  environment?: NodeJS.ProcessEnv;
};

/** Our own limit: a caller that sends nothing for so long has gone without closing. */
const silenceMilliseconds = 60_000;

/** Answers one request. The exit status is 0 when the outcome is a success, else 1. */
export async function runRpc(options: RpcOptions): Promise<number> {
  const { input = process.stdin, output = process.stdout } = options;
  output.on('error', () => undefined); // EPIPE: nobody listens any more, the work goes on
  process.on('SIGHUP', ignore);
  const say = (line: object): void => void output.write(`${JSON.stringify(line)}\n`);
  const outcome = await answer(options, input, say).catch(reportBug);
  say(outcome);
  input.destroy(); // an open stdin would keep the process
  process.off('SIGHUP', ignore);
  return outcome.ok ? 0 : 1;
}

async function answer(
  { root, author, environment = process.env }: RpcOptions,
  input: Readable,
  say: (line: object) => void,
): Promise<Answer<unknown>> {
  const raw = await readRequest(input);
  if (!raw.ok) return raw;
  const request = parseRequest(raw.value);
  if (!request.ok) return request;
  const clientAddress = readClientAddress(environment);
  const context: CommandContext = { root, author, clientAddress, hostName: hostname(), agentVersion, onStep: say };
  return runVerb(context, request.value);
}

async function readRequest(input: Readable): Promise<Outcome<Buffer>> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const silence = setTimeout(() => input.destroy(new Error('silence')), silenceMilliseconds);
  try {
    for await (const chunk of input as AsyncIterable<Buffer | string>) {
      silence.refresh();
      const piece = Buffer.from(chunk);
      bytes += piece.length;
      if (bytes > maxRequestBytes) return failed('bad-request', 'The request is longer than 64 MiB.');
      chunks.push(piece);
    }
    return done(Buffer.concat(chunks));
  } catch {
    return failed('bad-request', 'The request broke off before its end.');
  } finally {
    clearTimeout(silence);
  }
}

/** sshd sets `SSH_CONNECTION` to "client port server port"; a zone id means nothing to a list of addresses. */
function readClientAddress({ SSH_CONNECTION: connection }: NodeJS.ProcessEnv): string | null {
  const address = connection?.split(' ')[0]?.split('%')[0];
  return address === undefined || address === '' ? null : address;
}

/** The message of an unexpected error may quote the request, so only the places in the code are told, on stderr. */
function reportBug(error: unknown): Answer<never> {
  const storage = storageProblem(error);
  if (storage !== null) return storage;
  const places = error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)) : [];
  process.stderr.write(`gateway-agent rpc: unexpected ${error instanceof Error ? error.name : typeof error}\n`);
  process.stderr.write(`${places.join('\n')}\n`);
  return failed(
    'internal',
    'The agent met an error of its own.',
    'Run it again; if it persists, report what stderr shows.',
  );
}

function ignore(): void {}
