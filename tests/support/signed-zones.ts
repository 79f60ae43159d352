// A real validating resolver (unbound) on loopback with two zones of its own: signed.test, whose trust anchor it has, and
// plain.test, which is not signed. It knows nothing else.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { DnsClient } from '../../gateway-agent/delivery/peer-policy/dns-client.ts';
import type { Nameserver } from '../../gateway-agent/delivery/peer-policy/nameservers.ts';
import { findFreePort } from './free-port.ts';

const run = promisify(execFile);

/** Records as in a zone file, names relative to the zone. `spoil` changes texts after signing, so that they are bogus. */
export type ZoneWish = { signed: string[]; plain: string[]; spoil?: Record<string, string> };

export type SignedZones = { nameserver: Nameserver; close(): Promise<void> };

/** Signs, starts, and waits until both zones are answered. */
export async function startSignedZones(wish: ZoneWish): Promise<SignedZones> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-dns-'));
  const at = (name: string) => join(folder, name);
  const port = await findFreePort();
  await writeFile(at('root.zone'), zoneOf('.', []));
  await writeFile(at('plain.zone'), zoneOf('plain.test.', wish.plain));
  await writeFile(at('signed.zone'), zoneOf('signed.test.', wish.signed));
  await signZone(folder, wish.spoil ?? {});
  await writeFile(at('unbound.conf'), configOf(folder, port));
  const unbound = spawn('/usr/sbin/unbound', ['-d', '-c', at('unbound.conf')], { stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  unbound.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const ended = once(unbound, 'exit');
  const nameserver = { address: '127.0.0.1', port, isTrusted: true };
  const close = async () => {
    unbound.kill();
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  if (await isReady(nameserver)) return { nameserver, close };
  await close();
  throw new Error(`unbound does not answer: ${errors}`);
}

async function isReady(nameserver: Nameserver): Promise<boolean> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const reply = await new DnsClient(nameserver).ask('signed.test', 'SOA');
    if (reply.kind === 'found') return reply.isAuthentic;
    await delay(50);
  }
  return false;
}

function zoneOf(origin: string, records: string[]): string {
  const below = origin === '.' ? '' : `.${origin}`;
  return `$ORIGIN ${origin}
$TTL 60
@ IN SOA ns${below || '.'} hostmaster${below || '.'} 1 3600 600 86400 60
@ IN NS ns${below || '.'}
ns IN A 127.0.0.1
${records.join('\n')}
`;
}

async function signZone(folder: string, spoil: Record<string, string>): Promise<void> {
  await run('ldns-keygen', ['-a', 'ECDSAP256SHA256', '-k', 'signed.test'], { cwd: folder });
  const key = (await readdir(folder)).find((name) => /^K.*\.key$/.test(name))?.replace(/\.key$/, '') ?? '';
  await run('ldns-signzone', ['-f', 'signed.out', 'signed.zone', key], { cwd: folder });
  let zone = await readFile(join(folder, 'signed.out'), 'utf8');
  for (const [from, to] of Object.entries(spoil)) {
    if (!zone.includes(from)) throw new Error(`The signed zone has no ${from}:\n${zone}`);
    zone = zone.replaceAll(from, to);
  }
  await writeFile(join(folder, 'signed.out'), zone);
  await writeFile(join(folder, 'anchor'), await readFile(join(folder, `${key}.ds`)));
}

function configOf(folder: string, port: number): string {
  const zone = (name: string, file: string) =>
    `auth-zone:\n name: "${name}"\n zonefile: "${folder}/${file}"\n for-downstream: no\n for-upstream: yes\n fallback-enabled: no\n`;
  return `server:
 interface: 127.0.0.1@${port}
 directory: "${folder}"
 chroot: ""
 username: ""
 pidfile: "${folder}/unbound.pid"
 do-daemonize: no
 use-syslog: no
 verbosity: 0
 do-not-query-localhost: no
 module-config: "validator iterator"
 trust-anchor-file: "${folder}/anchor"
 local-zone: "test." nodefault
remote-control:
 control-enable: no
${zone('.', 'root.zone')}${zone('plain.test', 'plain.zone')}${zone('signed.test', 'signed.out')}`;
}
