// One question to a gateway's agent: one JSON request on stdin, JSON lines back. A gateway may be hostile, so every
// line is bounded, cleaned of control characters and parsed by the contract before anybody reads it.
import { replies, ReplyLine, type AgentStep, type Replies, type ReplyProblem } from '#contract/replies';
import type { ErrorCode, Outcome } from '#contract/outcome';
import type { Request, Verb } from '#contract/requests';
import { agentCommand } from './agent-command.ts';
import type { SshConnection } from './connect-hop.ts';
import { plainText } from './plain-text.ts';
import { runCommand, type RunResult } from './run-command.ts';
import { plainProblem } from './ssh-failure.ts';

/** A check reads a list of a million entries and tries a port; 60 s is Postern's own limit. */
const replyMilliseconds = 60_000;
/** A push has four, each told twice; a window must not choke on what a hostile gateway adds. */
const maxSteps = 32;

export type AgentStepState = { step: AgentStep; state: 'running' | 'done'; milliseconds?: number | undefined };

export type AskOptions = {
  onStep?: ((step: AgentStepState) => void) | undefined;
  milliseconds?: number | undefined;
  signal?: AbortSignal | undefined;
};

/** Who says that it failed: `nobody`: nothing of the request left; `link`: it left, no answer; `agent`: its own words. */
export type AskFailure = { ok: false; problem: ReplyProblem; from: 'nobody' | 'link' | 'agent' };
export type AskResult<T> = { ok: true; value: T } | AskFailure;

/** Asks and waits for the last line. */
export async function askAgent<R extends Request>(
  connection: SshConnection,
  request: R,
  options: AskOptions = {},
): Promise<AskResult<Replies[R['verb']]>> {
  const last: { line: LastLine | null; garbage: string | null } = { line: null, garbage: null };
  let steps = 0;
  const result = await runCommand(connection, agentCommand, {
    input: `${JSON.stringify(request)}\n`,
    milliseconds: options.milliseconds ?? replyMilliseconds,
    signal: options.signal,
    onLine: (rawLine) => {
      const line = parseLine(rawLine);
      if (line === null) last.garbage ??= rawLine.slice(0, 200);
      else if ('step' in line) {
        if (++steps <= maxSteps) options.onStep?.(line);
      } else last.line = line;
    },
  });
  if (last.line !== null) return readLast<R['verb']>(connection.name, request.verb, last.line);
  return explainSilence(connection.name, result, last.garbage);
}

/** A reply as an Outcome, for callers that do not care who failed. */
export function asOutcome<T>(result: AskResult<T>): Outcome<T> {
  return result.ok ? result : { ok: false, problem: plainProblem(result.problem) };
}

type LastLine = Exclude<ReplyLine, { step: AgentStep }>;

function parseLine(rawLine: string): ReplyLine | null {
  try {
    // What terminals obey stands in a text as itself or behind a backslash; a walk through every value costs 0.5 ms.
    const mayObey = rawLine.includes('\\') || plainText(rawLine) !== rawLine;
    const parsed = ReplyLine.safeParse(mayObey ? JSON.parse(rawLine, withoutControls) : JSON.parse(rawLine));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Terminals obey control characters; no text of an agent needs any but the line feed. */
function withoutControls(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? plainText(value) : value;
}

function readLast<V extends Verb>(name: string, verb: V, line: LastLine): AskResult<Replies[V]> {
  if (!line.ok) return { ok: false, problem: line.problem, from: 'agent' };
  const schema = replies[verb];
  const value = schema.safeParse(line.value);
  if (value.success) return { ok: true, value: value.data as Replies[V] }; // the compiler cannot pair them by V
  const where = value.error.issues[0]?.path.join('.') ?? '';
  return unanswered('internal', `${name} answered ${verb} in a form that Postern cannot read (at "${where}").`);
}

function explainSilence(name: string, result: RunResult, garbage: string | null): AskFailure {
  switch (result.kind) {
    case 'not-started':
      return { ...unanswered('unreachable', `${name} was not asked: ${result.reason}.`), from: 'nobody' };
    case 'broken':
      return unanswered('unreachable', `${name} did not answer: ${result.reason}.`);
    case 'ended':
      return explainEnd(name, result, garbage);
  }
}

type Ended = Extract<RunResult, { kind: 'ended' }>;

/** Exit statuses of POSIX shells: 126 = cannot run it, 127 = not found. Then nothing has read the request. */
function explainEnd(name: string, ended: Ended, garbage: string | null): AskFailure {
  const { status } = ended;
  const errorText = plainText(ended.errorText).trim();
  const words = errorText === '' ? (garbage === null ? '' : plainText(garbage)) : errorText.split('\n')[0];
  const said = words === '' || words === undefined ? '' : `: ${words}`;
  if (status === 126 || status === 127) {
    const problem = {
      code: 'unreachable' as const,
      message: `${name} has no gateway-agent that this user can run${said}`,
      hint: 'Install the agent on the gateway, or sign in as the user that may run it.',
    };
    return { ok: false, problem, from: 'nobody' };
  }
  const how = status === null ? 'ended without a status' : `ended with status ${status}`;
  return unanswered('unreachable', `The agent on ${name} ${how} and gave no answer${said}`);
}

function unanswered(code: ErrorCode, message: string): AskFailure {
  return { ok: false, problem: { code, message }, from: 'link' };
}
