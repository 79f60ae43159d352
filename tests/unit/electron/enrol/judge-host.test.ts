import { describe, expect, it } from 'vitest';
import { readHostFacts } from '../../../../electron/enrol/host-facts.ts';
import { judgeHost, type HostWishes } from '../../../../electron/enrol/judge-host.ts';

const wishes: HostWishes = {
  kit: { bundleSha256: 'bundle', executableSha256: 'executable' },
  keyBlob: null,
  smtpPort: 25,
};

const bare = [
  ['fact', 'system', 'Debian GNU/Linux 12 (bookworm)'],
  ['fact', 'kernel', 'Linux'],
  ['fact', 'machine', 'x86_64'],
  ['fact', 'libc', 'glibc 2.36'],
  ['fact', 'systemd', 'systemd 252 (252.38-1~deb12u1)'],
  ['fact', 'free-kib', '/usr/local/lib/postern/', '9000000'],
  ['fact', 'free-kib', '/var/lib/', '9000000'],
];

function judge(more: string[][] = [], over: Partial<HostWishes> = {}) {
  const lines = [...bare.filter(([, name]) => !more.some((line) => line[1] === name)), ...more];
  return judgeHost(readHostFacts(lines), { ...wishes, ...over });
}

function item(id: string, verdict: ReturnType<typeof judge>) {
  return verdict.report.items.find((one) => one.id === id);
}

describe('judgeHost', () => {
  it('plans everything on a bare host', () => {
    const { report, payload } = judge();

    expect(report).toMatchObject({ isFit: true, isEnrolled: false, system: expect.stringContaining('systemd 252') });
    expect(payload).toEqual({ kind: 'executable', node: '', isThere: false });
    expect(report.items.filter(({ state }) => state === 'to-do').map(({ id }) => id)).toEqual([
      'agent',
      'users',
      'folders',
      'management-key',
      'service',
      'configuration',
    ]);
  });

  it('takes the bundle where Node 24 or newer is there', () => {
    const nodes = [
      ['fact', 'node', '/usr/bin/node', 'v20.19.0'],
      ['fact', 'node', '/usr/local/bin/node', 'v24.21.0'],
    ];

    expect(judge(nodes).payload).toEqual({ kind: 'bundle', node: '/usr/local/bin/node', isThere: false });
  });

  it('does not run a Node whose path is no plain path', () => {
    expect(judge([['fact', 'node', '/tmp/x; reboot', 'v24.0.0']]).payload?.kind).toBe('executable');
  });

  it.each([
    [[['fact', 'kernel', 'FreeBSD']], 'system', 'FreeBSD'],
    [[['fact', 'lacks', 'useradd']], 'system', 'useradd'],
    [[['fact', 'machine', 'aarch64']], 'agent', 'aarch64'],
    [[['fact', 'libc', '']], 'agent', 'glibc 2.28'],
    [[['fact', 'libc', 'glibc 2.17']], 'agent', 'glibc 2.28'],
    [[['fact', 'path', '/usr/local/bin/gateway-agent', 'root:root 755']], 'agent', 'not made by an enrolment'],
    [[['fact', 'user', 'postern-deploy', 'postern-deploy mail']], 'users', 'not in the group postern'],
    [[['fact', 'path', '/var/lib/postern', 'root:root 755']], 'folders', 'root:root 755'],
    [[['fact', 'sshd', 'allowusers root']], 'sshd', 'AllowUsers root'],
    [[['fact', 'port-holder', 'exim4']], 'configuration', 'Port 25 is held by exim4'],
    [[['fact', 'free-kib', '/var/lib/', '5000']], 'disk', '5 MB free'],
  ])('finds the obstacle in %j', (lines, id, words) => {
    const verdict = judge(lines);

    expect(verdict.report.isFit).toBe(false);
    expect(item(id, verdict)).toMatchObject({ state: 'obstacle', detail: expect.stringContaining(words) });
  });

  it('says where the agent as one file is not made', () => {
    const verdict = judge([], { kit: { bundleSha256: 'bundle', executableSha256: null } });

    expect(item('agent', verdict)).toMatchObject({
      state: 'obstacle',
      detail: expect.stringContaining('npm run build:agent-executable'),
    });
    expect(verdict.payload).toBeNull();
  });

  it('finds an enrolled host as it left it, its own port in use', () => {
    const enrolled = [
      ['fact', 'enrolled', 'yes'],
      ['fact', 'agent-source', 'executable'],
      ['fact', 'key', 'AAAA'],
      ['fact', 'daemon', 'running'],
      ['fact', 'group', 'postern'],
      ['fact', 'user', 'postern', 'postern'],
      ['fact', 'user', 'postern-deploy', 'postern-deploy postern'],
      ['fact', 'path', '/var/lib/postern', 'postern-deploy:postern 2750'],
      ['fact', 'path', '/usr/local/bin/gateway-agent', 'root:root 777'],
      ['fact', 'port-holder', 'gateway-agent'],
    ];

    const { report } = judge(enrolled, { keyBlob: 'AAAA' });

    expect(report).toMatchObject({ isFit: true, isEnrolled: true });
    expect(new Set(report.items.map(({ state }) => state))).toEqual(new Set(['there']));
  });
});
