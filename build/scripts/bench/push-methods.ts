// The ways to push that are compared. Each is a command line of its own, run by a shell that tells what it cost.
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseCost, type Cost } from './push-results.ts';
import type { PushEndpoints } from './push-endpoints.ts';

const runFile = promisify(execFile);

export const methodNames = [
  'ansible-copy-3',
  'ansible-command',
  'pssh',
  'ssh2',
  'postern-one-connection',
  'postern-kept',
  'postern',
] as const;
export type MethodName = (typeof methodNames)[number];

export type Ground = {
  endpoints: PushEndpoints;
  /** Scratch space of this run. */
  folder: string;
  /** The request that all methods but Postern send. */
  request: string;
  fleet: string;
  postern: string;
  client: string;
};

/** Runs one method once over all endpoints; throws when one of them did not take the push. */
export async function runMethod(name: MethodName, ground: Ground): Promise<Cost> {
  await mkdir(ground.folder, { recursive: true });
  const command = await commandOf(name, ground);
  // bash counts a command with all its children that were waited for; a detached ssh master of Ansible's is not.
  const script = 'TIMEFORMAT="cost %R %U %S"; time "$@" 1>"$OUT" 2>&1';
  const env = {
    ...process.env,
    OUT: join(ground.folder, 'output'),
    HOME: ground.folder,
    XDG_CONFIG_HOME: ground.folder,
    // The command keeps its compiled code between runs, so the other programs of our own do as well.
    ...(name === 'postern' ? {} : { NODE_COMPILE_CACHE: join(ground.folder, '../code-cache') }),
  };
  try {
    const { stderr } = await runFile('bash', ['-c', script, 'bash', ...command], {
      env: { ...env, ANSIBLE_CONFIG: join(ground.folder, 'ansible.cfg'), ANSIBLE_LOCAL_TEMP: ground.folder },
      maxBuffer: 16 * 1024 * 1024,
    });
    // Of a push over connections that stand already only the program itself can tell.
    return parseCost(name === 'postern-kept' ? await readFile(join(ground.folder, 'output'), 'utf8') : stderr);
  } catch (error) {
    const output = await readFile(join(ground.folder, 'output'), 'utf8');
    const told = output.split('\n').filter((line) => !/^changed: |ok=\d+ .* failed=0 /.test(line)); // Ansible's successes
    throw new Error(`${name} did not push to all: ${told.join('\n').slice(-6000)}`, { cause: error });
  } finally {
    await endMasters(ground);
  }
}

function commandOf(name: MethodName, ground: Ground): Promise<string[]> | string[] {
  switch (name) {
    case 'ansible-copy-3':
      return ansible(ground, true);
    case 'ansible-command':
      return ansible(ground, false);
    case 'pssh':
      return pssh(ground);
    case 'ssh2':
    case 'postern-one-connection':
    case 'postern-kept':
      return [process.execPath, ground.client, name, ground.folder];
    case 'postern':
      return [
        process.execPath,
        ground.postern,
        'push',
        '--fleet',
        ground.fleet,
        '--json',
        '--app-folder',
        join(ground.folder, '../app'),
      ];
  }
}

async function ansible({ endpoints, folder, request }: Ground, copies: boolean): Promise<string[]> {
  const ssh = `-o UserKnownHostsFile=${endpoints.knownHosts} -o IdentitiesOnly=yes`;
  const config = `[defaults]
forks = ${endpoints.all.length}
host_key_checking = True
gathering = explicit
interpreter_python = /usr/bin/python3
[ssh_connection]
pipelining = True
ssh_args = -C -o ControlMaster=auto -o ControlPersist=60s ${ssh}
control_path_dir = ${join(folder, 'cp')}
`;
  const hosts = endpoints.all.map(({ name, port, root }) => `${name} ansible_port=${port} root=${root}`);
  const shared = [
    'ansible_host=127.0.0.1',
    `ansible_user=${endpoints.user}`,
    `ansible_ssh_private_key_file=${endpoints.shellKey}`,
  ].join('\n');
  const copy = (number: number) => ({
    copy: { content: `${request} ${number}\n`.repeat(40), dest: `{{ root }}/file-${number}` },
  });
  const apply = {
    // The blank keeps Ansible from taking a JSON text for a dictionary and writing it down as Python does.
    command: { cmd: `${endpoints.agent} --root {{ root }} --as bench`, stdin: ` {{ lookup('file', '${request}') }}` },
  };
  const tasks = [...(copies ? [1, 2, 3].map(copy) : []), apply];
  await writeFile(join(folder, 'ansible.cfg'), config);
  await writeFile(join(folder, 'hosts'), `[all]\n${hosts.join('\n')}\n[all:vars]\n${shared}\n`);
  await writeFile(join(folder, 'play.json'), JSON.stringify([{ hosts: 'all', gather_facts: false, tasks }]));
  return ['ansible-playbook', '-i', join(folder, 'hosts'), join(folder, 'play.json')];
}

async function pssh({ endpoints, folder, request }: Ground): Promise<string[]> {
  const hosts = join(folder, 'pssh-hosts');
  await writeFile(hosts, endpoints.all.map(({ port }) => `127.0.0.1:${port}\n`).join(''));
  const options = [
    `UserKnownHostsFile=${endpoints.knownHosts}`,
    `IdentityFile=${endpoints.managementKey}`,
    'IdentitiesOnly=yes',
  ];
  const flags = options.flatMap((option) => ['-O', option]);
  const run = [
    'parallel-ssh',
    '-h',
    hosts,
    '-l',
    endpoints.user,
    '-p',
    String(endpoints.all.length),
    '-t',
    '0',
    ...flags,
    '-I',
    '-i',
    'rpc',
  ];
  return ['sh', '-c', `exec "$@" < "${request}"`, 'sh', ...run];
}

/** Ansible leaves its connections open for a minute. */
async function endMasters({ folder }: Ground): Promise<void> {
  const sockets = await readdir(join(folder, 'cp')).catch(() => []);
  for (const socket of sockets) {
    await runFile('ssh', ['-O', 'exit', '-S', join(folder, 'cp', socket), 'unused']).catch(() => undefined); // gone already
  }
}
