// ProxyJump as a list of hosts on the way, the nearest first. The first jump's own ProxyJump counts, that of the others
// does not: `ssh -J a -W target b` is what OpenSSH starts for `ProxyJump a,b`.
import { done, failed, type Outcome } from '#contract/outcome';
import type { SshConfig, SshFiles } from './load-config.ts';
import { resolveHost, type ResolvedHost } from './resolve-host.ts';

/** A host on the way as written, with what ssh_config says of it; user and port as written win. */
export type JumpSpec = { written: string; user: string | null; port: number | null; host: ResolvedHost };

/** The most that a gateway's record takes, too. */
const maxJumps = 8;

/** All jumps before the host. A circle, or a command on the way, is refused. */
export function jumpChain(config: SshConfig, host: ResolvedHost, files: SshFiles): Outcome<JumpSpec[]> {
  const chain: JumpSpec[] = [];
  let nearest = host;
  while (nearest.proxyJump !== null) {
    const jumps: JumpSpec[] = [];
    for (const written of nearest.proxyJump.split(',')) {
      const jump = readJump(config, written.trim(), files);
      if (jump === null)
        return failed('bad-request', `ProxyJump ${written.trim()} of ${nearest.alias} makes no sense.`);
      jumps.push(jump);
    }
    chain.unshift(...jumps);
    if (chain.length > maxJumps) {
      const hint = 'Look for jump hosts that name each other.';
      return failed('bad-request', `The way to ${host.alias} has more than ${maxJumps} jump hosts.`, hint);
    }
    const first = jumps[0]?.host;
    if (first === undefined) break;
    nearest = first;
  }
  const command = [host, ...chain.slice(0, 1).map((jump) => jump.host)].find(
    ({ proxyCommand }) => proxyCommand !== null,
  );
  return command === undefined ? done(chain) : refuseCommand(command.alias);
}

function refuseCommand(alias: string): Outcome<never> {
  return failed(
    'bad-request',
    `${alias} is reached by a ProxyCommand, which Postern does not run.`,
    'Write it as ProxyJump, or enter a jump host in Postern.',
  );
}

/** `[user@]host[:port]`, or the same as ssh://. */
function readJump(config: SshConfig, written: string, files: SshFiles): JumpSpec | null {
  const bare = written.replace(/^ssh:\/\//i, '').replace(/\/$/, '');
  const [, user, bracketed, plain, port] =
    /^(?:(.+)@)?(?:\[([^\]]+)\]|([^[\]:]+|[0-9a-fA-F:]*::?[0-9a-fA-F:.]*))(?::(\d{1,5}))?$/.exec(bare) ?? [];
  const name = bracketed ?? plain;
  if (name === undefined || name === '') return null;
  const number = port === undefined ? null : Number(port);
  if (number !== null && (number < 1 || number > 65535)) return null;
  return { written: bare, user: user ?? null, port: number, host: resolveHost(config, name, files) };
}
