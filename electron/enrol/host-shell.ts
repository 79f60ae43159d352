// One sign-in to a bare host as root or through sudo, and the enrolment script run there. The script travels on stdin,
// so nothing is quoted and no file is left; passwords travel on stdin too, never in an argument.
import type { HostSignIn } from '#contract/enrolment';
import { done, failed, type Outcome } from '#contract/outcome';
import { connectSsh, type SshConnection } from '../ssh/connect.ts';
import { loadCredentials } from '../ssh/credentials.ts';
import { plainText } from '../ssh/plain-text.ts';
import { runCommand, type RunResult } from '../ssh/run-command.ts';

/** Reads the script up to its end mark and runs it whole or not at all; what follows on stdin is the script's to read. */
const readAndRun =
  `sh -c 'n=$(printf "\\nx"); n=\${n%x}; s=; ` +
  `while IFS= read -r l && [ "$l" != "#postern-begin" ]; do :; done; ` +
  `while IFS= read -r l && [ "$l" != "#postern-end" ]; do s=$s$l$n; done; ` +
  `[ "$l" = "#postern-end" ] && eval "$s"'`;

/** 48 MB through a line of 1 Mbit/s take 400 s; everything else takes seconds. */
const scriptMilliseconds = 600_000;
const sudoMilliseconds = 20_000;

/** One line of the script: its tab-separated fields, without what a terminal would obey. */
export type ScriptLine = readonly string[];

export type ScriptOrder = {
  values: Readonly<Record<string, string>>;
  /** The gzipped agent. */
  payload?: Buffer | undefined;
  onLine?: ((line: ScriptLine) => void) | undefined;
  signal?: AbortSignal | undefined;
};

export type HostShell = {
  /** All lines of the script, the last one a `result`. */
  run(order: ScriptOrder): Promise<Outcome<ScriptLine[]>>;
  close(): void;
};

type Prefix = { command: string; firstLine: string };

/** Signs in and finds out how to become root. */
export async function openHostShell(at: HostSignIn, script: string, signal?: AbortSignal): Promise<Outcome<HostShell>> {
  const credentials = await loadCredentials(at.signIn, at.secret ?? null);
  if (!credentials.ok) return credentials;
  const { host, port, user, hostKeys } = at;
  const target = { name: host, address: { host, port, user }, hostKeys, credentials: credentials.value };
  const connection = await connectSsh(target, { signal });
  if (!connection.ok) return connection;
  const prefix = user === 'root' ? done({ command: '', firstLine: '' }) : await findSudo(connection.value, at);
  if (!prefix.ok) {
    connection.value.close();
    return prefix;
  }
  return done({
    run: (order) => runScript(connection.value, script, { ...order, prefix: prefix.value }),
    close: () => connection.value.close(),
  });
}

/** sudo is tried with a harmless command: a wrong password is then asked for once, and is no line of the script. */
async function findSudo(connection: SshConnection, at: HostSignIn): Promise<Outcome<Prefix>> {
  const free = await tryCommand(connection, 'sudo -n true', '');
  if (!free.ok) return free;
  if (free.value.status === 0) return done({ command: 'sudo -n ', firstLine: '' });
  if (free.value.status === 127) {
    return failed('sign-in-failed', `${at.host} has no sudo, and ${at.user} is not root.`, 'Sign in as root.');
  }
  const password = at.sudoPassword ?? (at.signIn.kind === 'password' ? at.secret : undefined);
  if (password === undefined) {
    return failed('secret-needed', `sudo on ${at.host} asks for the password of ${at.user}.`, 'Give it for sudo.');
  }
  if (/[\r\n\0]/.test(password)) return failed('bad-request', 'A password for sudo is one line.');
  const command = `sudo -S -p '' `;
  const asked = await tryCommand(connection, `${command}true`, `${password}\n`);
  if (!asked.ok) return asked;
  if (asked.value.status === 0) return done({ command, firstLine: `${password}\n` });
  const why = plainText(asked.value.errorText).trim().split('\n').at(-1) ?? '';
  return failed(
    'sign-in-failed',
    `sudo on ${at.host} did not let ${at.user} become root: ${why || 'no reason given'}.`,
  );
}

type Ended = Extract<RunResult, { kind: 'ended' }>;

async function tryCommand(connection: SshConnection, command: string, input: string): Promise<Outcome<Ended>> {
  const result = await runCommand(connection, command, {
    input,
    onLine: () => undefined,
    milliseconds: sudoMilliseconds,
  });
  return result.kind === 'ended' ? done(result) : failed('unreachable', `${connection.name}: ${result.reason}.`);
}

type PrefixedOrder = ScriptOrder & { prefix: Prefix };

async function runScript(
  connection: SshConnection,
  script: string,
  { values, payload, onLine, signal, prefix }: PrefixedOrder,
): Promise<Outcome<ScriptLine[]>> {
  const lines: ScriptLine[] = [];
  const head = `${prefix.firstLine}#postern-begin\n${script}\n#postern-end\n${valueLines(values)}go\n`;
  const result = await runCommand(connection, `${prefix.command}${readAndRun}`, {
    input: payload === undefined ? head : Buffer.concat([Buffer.from(head), payload]),
    milliseconds: scriptMilliseconds,
    signal,
    onLine: (rawLine) => {
      const line = rawLine.split('\t').map((field) => plainText(field));
      lines.push(line);
      onLine?.(line);
    },
  });
  if (signal?.aborted) return failed('cancelled', `Stopped while working on ${connection.name}.`);
  if (lines.at(-1)?.[0] === 'result') return done(lines);
  const why = result.kind === 'ended' ? plainText(result.errorText).trim().split('\n')[0] : result.reason;
  return failed('unreachable', `${connection.name} did not tell the end of it: ${why || 'no reason given'}.`);
}

function valueLines(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => {
      if (/[\r\n\0]/.test(value)) throw new Error(`the value of ${name} is more than one line`);
      return `${name}=${value}\n`;
    })
    .join('');
}
