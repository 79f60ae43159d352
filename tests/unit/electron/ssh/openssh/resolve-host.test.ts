import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { loadSshConfig } from '../../../../../electron/ssh/openssh/load-config.ts';
import { resolveHost } from '../../../../../electron/ssh/openssh/resolve-host.ts';
import { temporaryFolder } from '../../../../support/temporary-fleet.ts';

const runFile = promisify(execFile);
const localUser = userInfo().username;

/** OpenSSH's own words when nothing is set. */
const defaultIdentity = '~/.ssh/id_rsa';

type Facts = Record<string, string>;

/** What `ssh -G` says of the things that Postern reads. */
async function askSsh(config: string, alias: string): Promise<Facts> {
  const { stdout } = await runFile('ssh', ['-G', '-F', config, alias]);
  const lines = stdout.split('\n').map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]);
  const all = (keyword: string) => lines.filter(([name]) => name === keyword).map(([, value]) => value);
  const keywords = 'hostname port user identityagent identitiesonly proxyjump proxycommand hostkeyalias connecttimeout';
  const identities = all('identityfile');
  return {
    ...Object.fromEntries(keywords.split(' ').map((keyword) => [keyword, all(keyword)[0] ?? ''])),
    identityfile: identities[0] === defaultIdentity ? '' : identities.join(' '),
    userknownhostsfile: all('userknownhostsfile')
      .join(' ')
      .replace(/^\S+\/known_hosts \S+\/known_hosts2$/, ''),
  };
}

async function askPostern(config: string, home: string, alias: string): Promise<Facts> {
  const files = { home, userConfig: config, systemConfig: join(home, 'none'), localUser };
  const host = resolveHost(await loadSshConfig(files), alias, files);
  return {
    hostname: host.hostName,
    port: String(host.port ?? 22),
    user: host.user ?? localUser,
    identityagent: host.identityAgent ?? '',
    identitiesonly: host.identitiesOnly ? 'yes' : 'no',
    proxyjump: host.proxyJump ?? '',
    proxycommand: host.proxyCommand ?? '',
    hostkeyalias: host.hostKeyAlias ?? '',
    connecttimeout: host.connectTimeoutSeconds === null ? 'none' : String(host.connectTimeoutSeconds),
    identityfile: host.identityFiles.join(' '),
    userknownhostsfile: host.userKnownHostsFiles?.join(' ') ?? '',
  };
}

/** Each with the names that are looked up in it. `%DIR%` is the folder of the case. */
const cases: [string, string, string[]][] = [
  ['an empty file', '', ['mx1']],
  ['a plain block', 'Host mx1\n  HostName 192.0.2.7\n  Port 2222\n  User deploy\n', ['mx1', 'mx2', 'MX1']],
  ['the first value wins', 'Host mx1\n Port 1022\nHost *\n Port 22\n User all\nHost mx1\n User late\n', ['mx1', 'x']],
  ['settings above the first block', 'User top\nHost mx1\n User below\n Port 5\n', ['mx1', 'x']],
  [
    'stars and question marks',
    'Host mx? edge-*\n User p\nHost *.example.net\n Port 7\n',
    ['mx1', 'mx12', 'mx', 'edge-', 'edge-7', 'a.example.net', 'example.net'],
  ],
  [
    'exceptions',
    'Host mx* !mx3\n User yes\nHost !mx1\n Port 9\nHost * !*.test\n ConnectTimeout 5\n',
    ['mx1', 'mx3', 'a.test', 'b'],
  ],
  ['keywords in any case', 'hOsT mx1\n HOSTNAME a.example.net\n pOrT 99\n', ['mx1']],
  ['equals signs', 'Host=mx1\nPort = 2200\nUser= bob\nHostName =h.example.net\n', ['mx1']],
  [
    'quotes',
    'Host "mx1" "mx two"\n User "bob"\n IdentityFile "/keys/with space"\n HostName \'q.example.net\'\n',
    ['mx1', 'x'],
  ],
  ['a backslash before a space', 'Host mx1\n IdentityFile /keys/with\\ space\n', ['mx1']],
  ['comments', '# first\nHost mx1 # the first\n User bob # him\n IdentityFile /k/a#b\n #Port 3\n', ['mx1', '#']],
  ['tabs, blanks and carriage returns', '\tHost\tmx1\r\n\t\tPort\t77  \r\n  User   eve\t\r\n', ['mx1']],
  [
    'several key files, one of them twice',
    'IdentityFile ~/.ssh/a\nHost mx1\n IdentityFile %d/.ssh/b\n IdentityFile ~/.ssh/a\nHost *\n IdentityFile /k/%h-%r\n',
    ['mx1', 'x'],
  ],
  ['IdentityFile none', 'Host mx1\n IdentityFile none\n', ['mx1']],
  [
    'the agent',
    'Host mx1\n IdentityAgent /run/a.sock\n IdentitiesOnly yes\nHost mx2\n IdentityAgent none\nHost mx3\n IdentityAgent SSH_AUTH_SOCK\nHost mx4\n IdentityAgent $MY_AGENT\n',
    ['mx1', 'mx2', 'mx3', 'mx4', 'x'],
  ],
  ['%h in HostName', 'Host mx*\n HostName %h.example.net\nHost p\n HostName a%%b-%h\n', ['mx1', 'p']],
  [
    'jumps',
    'Host a\n ProxyJump b\nHost b\n ProxyJump u@c:2222,d\nHost c\n ProxyJump none\nHost *\n ProxyJump last\n',
    ['a', 'b', 'c', 'x'],
  ],
  [
    'ProxyCommand before ProxyJump',
    'Host a\n ProxyCommand nc %h %p\nHost b\n ProxyJump j\nHost *\n ProxyCommand other "x y" # kept\n ProxyJump z\n',
    ['a', 'b', 'x'],
  ],
  ['ProxyCommand none', 'Host a\n ProxyCommand none\nHost *\n ProxyJump z\n', ['a', 'x']],
  [
    'known hosts files',
    'Host a\n UserKnownHostsFile /a /b\nHost b\n UserKnownHostsFile none\nHost c\n UserKnownHostsFile "/with space"\n',
    ['a', 'b', 'c', 'x'],
  ],
  ['HostKeyAlias', 'Host a\n HostKeyAlias real.example.net\n', ['a']],
  [
    'time-outs',
    'Host a\n ConnectTimeout 10\nHost b\n ConnectTimeout 1m30s\nHost c\n ConnectTimeout none\nHost *\n ConnectTimeout 2h\n',
    ['a', 'b', 'c', 'x'],
  ],
  [
    'Match host',
    'Host mx1\n HostName real.example.net\nMatch host real.example.net\n User by-host\nMatch host mx1\n Port 5\n',
    ['mx1', 'x'],
  ],
  [
    'Match originalhost',
    'Host mx1\n HostName real\nMatch originalhost mx1,mx2\n User orig\nMatch originalhost MX3\n Port 3\n',
    ['mx1', 'mx2', 'mx3', 'x'],
  ],
  ['Match user', 'Host mx1\n User bob\nMatch user bob,b*\n Port 8\nMatch user %USER%\n Port 9\n', ['mx1', 'x']],
  ['Match localuser', 'Match localuser %USER%\n Port 10\nMatch localuser nobody-at-all\n User x\n', ['a']],
  ['Match all', 'Host a\n Port 4\nMatch all\n User everyone\n', ['a', 'x']],
  [
    'Match with two criteria',
    'Match host a,b user %USER%\n Port 6\nMatch originalhost b !user %USER%\n User no\n',
    ['a', 'b', 'x'],
  ],
  ['Match with exceptions', 'Match host *,!b\n Port 6\nMatch !host a\n User other\n', ['a', 'b', 'x']],
  [
    'Match with equals signs',
    'Match host=a user=%USER%\n Port 16\nmatch originalhost="b"\n Port 17\n',
    ['a', 'b', 'x'],
  ],
  [
    'Match final',
    'Host a\n HostName real.example.net\nMatch final host real.example.net\n Port 31\nHost real.example.net\n User second\n',
    ['a', 'x'],
  ],
  ['Match canonical and final all', 'Match canonical all\n User canon\nMatch final all\n Port 41\n', ['a']],
  [
    'an Include with a glob',
    'Include %DIR%/parts/*.conf\nHost *\n User end\n Port 50\n',
    ['one', 'two', 'hidden', 'x'],
  ],
  [
    'an Include inside a block',
    'Host one\n Include %DIR%/parts/10-one.conf %DIR%/missing\n User after\nHost x\n Include %DIR%/parts/bare\n',
    ['one', 'two', 'x'],
  ],
  [
    'an Include that does not match',
    'Host other\n Include %DIR%/parts/*.conf\nHost *\n User end\n',
    ['one', 'other', 'x'],
  ],
  ['nested Includes', 'Include %DIR%/parts/nest\nHost *\n Port 1\n', ['one', 'n', 'x']],
  ['globs of names', 'Include %DIR%/parts/[0-9]?-*.conf\n', ['one', 'two']],
  [
    'names that are addresses',
    'Host 192.0.2.* 2001:db8::*\n User num\nHost ::1\n Port 6\n',
    ['192.0.2.9', '2001:db8::7', '::1', '198.51.100.1'],
  ],
  ['an unknown keyword that may be ignored', 'IgnoreUnknown Foo*\nFooBar baz\nHost a\n FooBaz 1\n Port 3\n', ['a']],
  ['a name in capitals', 'Host MX1\n HostName MX1.Example.NET\n', ['MX1', 'mx1']],
];

async function writeParts(folder: string): Promise<void> {
  const parts = join(folder, 'parts');
  await mkdir(parts, { recursive: true });
  await writeFile(join(parts, '10-one.conf'), 'Host one\n  Port 101\n  User inc\nHost two\n  Port 102\n');
  await writeFile(join(parts, '20-two.conf'), 'User leaked-only-here\nHost two\n  HostName second\n');
  await writeFile(join(parts, '.hidden.conf'), 'Host hidden\n  Port 666\n');
  await writeFile(join(parts, 'bare'), 'Port 201\nUser bare\n');
  await writeFile(join(parts, 'nest'), `Host n\n  Include ${parts}/bare\nHost one\n  Include ${parts}/10-one.conf\n`);
}

describe('resolveHost', () => {
  it.each(cases)('says what ssh -G says: %s', async (_, template, aliases) => {
    const folder = await temporaryFolder();
    await writeParts(folder);
    const config = join(folder, 'config');
    await writeFile(config, template.replaceAll('%DIR%', folder).replaceAll('%USER%', localUser));

    const asked = await Promise.all(
      aliases.map(async (alias) => ({
        alias,
        ssh: await askSsh(config, alias),
        postern: await askPostern(config, folder, alias),
      })),
    );

    expect(asked.map(({ alias, postern }) => ({ alias, ...postern }))).toEqual(
      asked.map(({ alias, ssh }) => ({ alias, ...ssh })),
    );
  });
});
