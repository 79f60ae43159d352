import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { findKnownKeys, knownHostName, parseKnownHosts } from '../../../../../electron/ssh/openssh/known-hosts.ts';
import { makeKeyPair } from '../../../../support/ssh-keys.ts';
import { temporaryFolder } from '../../../../support/temporary-fleet.ts';

const runFile = promisify(execFile);

const keys: Record<string, string> = {};

beforeAll(async () => {
  for (const name of ['a', 'b', 'c', 'd']) {
    const { publicKey } = await makeKey();
    keys[name] = publicKey;
  }
});

async function makeKey(): Promise<{ publicKey: string }> {
  const folder = await runFile('mktemp', ['-d']).then(({ stdout }) => stdout.trim());
  const file = await makeKeyPair(join(folder, 'key'));
  const [type = '', key = ''] = (await readFile(`${file}.pub`, 'utf8')).split(' ');
  await runFile('rm', ['-r', folder]);
  return { publicKey: `${type} ${key}` };
}

type Found = { keys: string[]; revoked: string[]; authorities: number };

async function askSshKeygen(file: string, name: string): Promise<Found> {
  const { stdout } = await runFile('ssh-keygen', ['-F', name, '-f', file]).catch(() => ({ stdout: '' }));
  const found: Found = { keys: [], revoked: [], authorities: 0 };
  for (const line of stdout.split('\n').filter((each) => each !== '' && !each.startsWith('#'))) {
    const words = line.split(' ');
    const key = words.find((word) => word.startsWith('AAAA')) ?? '';
    if (words[0] === '@revoked') found.revoked.push(key);
    else if (words[0] === '@cert-authority') found.authorities += 1;
    else found.keys.push(key);
  }
  return found;
}

const template = `
# a comment
mx1.example.net,192.0.2.7 %A% with a comment
MX2.Example.net	%B%
*.edge.example.net,!bad.edge.example.net %C%
[mx3.example.net]:2222 %A%
[mx3.example.net]:* %D%
mx1.example.net %B%
2001:db8::7 %C%
@revoked mx1.example.net,mx4.example.net %D%
@revoked * %C%
@cert-authority *.ca.example.net %A%
`;

/** ssh-keygen hashes no file with such lines. */
const strangeLines = `@unknown mx5.example.net %A%
mx7.example.net
`;

const asked = [
  'mx1.example.net',
  'MX1.example.net',
  '192.0.2.7',
  'mx2.example.net',
  'one.edge.example.net',
  'bad.edge.example.net',
  '[mx3.example.net]:2222',
  '[mx3.example.net]:99',
  'mx3.example.net',
  '2001:db8::7',
  'mx4.example.net',
  'host.ca.example.net',
  'mx5.example.net',
  'mx7.example.net',
  'stranger.example.net',
];

async function knownHostsFile(options: { hashed: boolean }): Promise<string> {
  const file = join(await temporaryFolder(), 'known_hosts');
  const text = `${template}${options.hashed ? '' : strangeLines}`.replace(
    /%([A-D])%/g,
    (_, name: string) => keys[name.toLowerCase()] ?? '',
  );
  await writeFile(file, text);
  if (options.hashed) await runFile('ssh-keygen', ['-H', '-f', file]);
  return file;
}

describe('parseKnownHosts', () => {
  it.each([{ hashed: false }, { hashed: true }])('finds what ssh-keygen -F finds (%o)', async (options) => {
    const file = await knownHostsFile(options);
    const text = await readFile(file, 'utf8');
    expect(text.includes('|1|')).toBe(options.hashed);
    const hosts = parseKnownHosts(text);

    const answers = await Promise.all(
      asked.map(async (name) => {
        const own = hosts.find(name.toLowerCase());
        return {
          name,
          ours: {
            keys: own.keys.map(({ key }) => key),
            revoked: own.revoked.map(({ key }) => key),
            authorities: own.notes.length,
          },
          theirs: await askSshKeygen(file, name.toLowerCase()), // as ssh does before it looks
        };
      }),
    );

    expect(answers.map(({ name, ours }) => ({ name, ...ours }))).toEqual(
      answers.map(({ name, theirs }) => ({ name, ...theirs })),
    );
  });
});

describe('findKnownKeys', () => {
  const at = { port: 22, alias: null };

  it('leaves out a key that is revoked and tells it apart', async () => {
    const file = join(await temporaryFolder(), 'known_hosts');
    await writeFile(file, `mx1 ${keys['a']}\nmx1 ${keys['b']}\n@revoked mx1 ${keys['a']}\n`);

    const known = await findKnownKeys([file], { host: 'mx1', ...at });

    expect(known.keys.map(({ key }) => `ssh-ed25519 ${key}`)).toEqual([keys['b']]);
    expect(known.revoked.map(({ key }) => `ssh-ed25519 ${key}`)).toEqual([keys['a']]);
  });

  it('takes a key known without the port where none is known with it', async () => {
    const file = join(await temporaryFolder(), 'known_hosts');
    await writeFile(file, `mx1 ${keys['a']}\n[mx2]:2022 ${keys['b']}\nmx2 ${keys['c']}\n`);

    const [mx1, mx2] = await Promise.all(
      ['mx1', 'mx2'].map((host) => findKnownKeys([file], { host, port: 2022, alias: null })),
    );

    expect(mx1?.keys.map(({ key }) => `ssh-ed25519 ${key}`)).toEqual([keys['a']]);
    expect(mx2?.keys.map(({ key }) => `ssh-ed25519 ${key}`)).toEqual([keys['b']]);
  });

  it('reads a file again when it changed', async () => {
    const file = join(await temporaryFolder(), 'known_hosts');
    await writeFile(file, '');
    expect((await findKnownKeys([file], { host: 'mx1', ...at })).keys).toEqual([]);
    await writeFile(file, `mx1 ${keys['a']}\n`);

    expect((await findKnownKeys([file], { host: 'mx1', ...at })).keys).toHaveLength(1);
  });

  it('says that a certificate authority is not used', async () => {
    const file = join(await temporaryFolder(), 'known_hosts');
    await writeFile(file, `@cert-authority * ${keys['a']}\n`);

    const known = await findKnownKeys([file], { host: 'mx1', ...at });

    expect(known).toEqual({ keys: [], revoked: [], notes: [expect.stringContaining('certificate authority')] });
  });

  it('counts a missing file as empty and looks under the alias alone', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'known_hosts');
    await writeFile(file, `real ${keys['a']}\nmx1 ${keys['b']}\n`);

    const known = await findKnownKeys([join(folder, 'missing'), file], { host: 'mx1', port: 2022, alias: 'Real' });

    expect(known.keys.map(({ key }) => `ssh-ed25519 ${key}`)).toEqual([keys['a']]);
    expect(known.notes).toEqual([]);
  });
});

describe('knownHostName', () => {
  it('names the port only where it is not 22', () => {
    expect([knownHostName('MX1', 22), knownHostName('mx1', 2222)]).toEqual(['mx1', '[mx1]:2222']);
  });
});
