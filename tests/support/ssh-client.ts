// OpenSSH's own client against a gateway of the tests: the protocol as an administrator could speak it.
import { spawn } from 'node:child_process';
import { ReplyLine } from '../../gateway-agent/contract/replies.ts';
import type { Request } from '../../gateway-agent/contract/requests.ts';
import type { SshdGateway } from './sshd-gateway.ts';

export type Ran = { status: number | null; stdout: string; stderr: string };

/** Runs a program with this input to its end, at most 30 s. */
export function runWithInput(command: readonly string[], input: string | Buffer = ''): Promise<Ran> {
  const [file = '', ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { timeout: 30_000 });
    const ran: Ran = { status: null, stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => (ran.stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (ran.stderr += chunk.toString()));
    child.stdin.on('error', () => undefined); // the other side may refuse before it has read everything
    child.on('error', reject);
    child.on('close', (status) => resolve({ ...ran, status }));
    child.stdin.end(input);
  });
}

/** The client's command line: this gateway's key and host key, no user configuration, never a question. */
export function sshCommand(gateway: SshdGateway, ...args: readonly string[]): string[] {
  return ['ssh', ...sshOptions(gateway), '-p', String(gateway.port), ...args];
}

function sshOptions(gateway: SshdGateway): string[] {
  const options = [
    `UserKnownHostsFile=${gateway.knownHostsFile}`,
    'GlobalKnownHostsFile=/dev/null',
    'StrictHostKeyChecking=yes',
    'BatchMode=yes',
    'IdentitiesOnly=yes',
    `User=${gateway.user}`,
    'ConnectTimeout=10',
  ];
  return ['-F', '/dev/null', '-i', gateway.clientKeyFile, ...options.flatMap((option) => ['-o', option])];
}

/** All lines of the agent's answer to one request; the last one is the outcome. */
export async function askOverSsh(gateway: SshdGateway, request: Request | object): Promise<ReplyLine[]> {
  const ran = await runWithInput(sshCommand(gateway, gateway.host, 'gateway-agent rpc'), JSON.stringify(request));
  return readLines(ran);
}

/** Parses what `rpc` wrote. */
export function readLines({ stdout, stderr }: Ran): ReplyLine[] {
  const lines = stdout.split('\n').filter((line) => line !== '');
  if (lines.length === 0) throw new Error(`The agent answered nothing. ${stderr}`);
  return lines.map((line) => ReplyLine.parse(JSON.parse(line)));
}
