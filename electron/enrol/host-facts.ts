// What the script found on a host, parsed: a host may be hostile, so nothing of it is believed in another form.
import type { ScriptLine } from './host-shell.ts';

export type HostFacts = {
  system: string;
  kernel: string;
  machine: string;
  libc: string;
  /** 'systemd 252 (252.38-1~deb12u1)'; null: the host is not run by systemd. */
  systemd: string | null;
  nodes: { path: string; major: number; version: string }[];
  /** Lines of `sshd -T` that decide who may sign in. */
  sshd: string[];
  hasGroup: boolean;
  /** By user: the groups that it is in. */
  users: Map<string, string[]>;
  lacks: string[];
  /** By path: 'owner:group mode'. */
  paths: Map<string, string>;
  freeKib: Map<string, number>;
  portHolder: string | null;
  enrolment: { agentSource: string; keys: string[]; isRunning: boolean } | null;
};

/** Reads the lines of `inspect`. */
export function readHostFacts(lines: readonly ScriptLine[]): HostFacts {
  const all = (name: string) => lines.filter((line) => line[0] === 'fact' && line[1] === name);
  const one = (name: string) => all(name)[0]?.[2] ?? '';
  const nodes = all('node').map(([, , path = '', version = '']) => ({ path, version, major: majorOf(version) }));
  return {
    system: one('system') || 'an unknown system',
    kernel: one('kernel'),
    machine: one('machine'),
    libc: one('libc'),
    systemd: one('systemd') || null,
    nodes: nodes.filter(({ path }) => /^\/[\w./-]{1,100}$/.test(path)),
    sshd: all('sshd').map(([, , line = '']) => line),
    hasGroup: all('group').length > 0,
    users: new Map(all('user').map(([, , name = '', groups = '']) => [name, groups.split(' ')])),
    lacks: all('lacks').map(([, , tool = '']) => tool),
    paths: new Map(all('path').map(([, , path = '', mode = '']) => [path, mode])),
    freeKib: new Map(all('free-kib').map(([, , folder = '', kib = '']) => [folder, Number(kib) || 0])),
    portHolder: one('port-holder') || null,
    enrolment:
      one('enrolled') === 'yes'
        ? {
            agentSource: one('agent-source'),
            keys: all('key').map(([, , blob = '']) => blob),
            isRunning: one('daemon') === 'running',
          }
        : null,
  };
}

function majorOf(version: string): number {
  return Number(/^v(\d+)\./.exec(version)?.[1] ?? 0);
}
