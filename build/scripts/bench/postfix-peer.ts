// A Postfix of our own beside any other: configuration, queue and data lie in the benchmark's folder. Needs root.
import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { maxConnectionsToSink, recipientDomain, type Peer } from './peer.ts';
import { asRoot, findFreePort, waitForGreeting, type Workshop } from './workshop.ts';

/** As Debian ships them, without chroot; type, private, unprivileged, chroot, wake-up, limit, command. */
const services = [
  'pickup unix n - n 60 1 pickup',
  'cleanup unix n - n - 0 cleanup',
  'qmgr unix n - n 300 1 qmgr',
  'tlsmgr unix - - n 1000? 1 tlsmgr',
  'rewrite unix - - n - - trivial-rewrite',
  'bounce unix - - n - 0 bounce',
  'defer unix - - n - 0 bounce',
  'trace unix - - n - 0 bounce',
  'verify unix - - n - 1 verify',
  'flush unix n - n 1000? 0 flush',
  'proxymap unix - - n - - proxymap',
  'smtp unix - - n - - smtp',
  'relay unix - - n - - smtp',
  'showq unix n - n - - showq',
  'error unix - - n - - error',
  'retry unix - - n - - error',
  'discard unix - - n - - discard',
  'anvil unix - - n - 1 anvil',
  'scache unix - - n - 1 scache',
  'postlog unix-dgram n - n - 1 postlogd',
];

function mainSettings(folder: string, sinkPort: number): Record<string, string> {
  return {
    compatibility_level: '3.6',
    queue_directory: join(folder, 'queue'),
    data_directory: join(folder, 'data'),
    maillog_file: join(folder, 'mail.log'),
    maillog_file_prefixes: folder,
    myhostname: 'postfix.test',
    mydestination: '',
    local_recipient_maps: '',
    alias_maps: '',
    alias_database: '',
    inet_protocols: 'ipv4',
    inet_interfaces: '127.0.0.1',
    relay_domains: recipientDomain,
    relayhost: `[127.0.0.1]:${sinkPort}`,
    smtpd_peername_lookup: 'no', // the others ask no DNS either
    smtp_destination_concurrency_limit: String(maxConnectionsToSink),
    relay_destination_concurrency_limit: String(maxConnectionsToSink),
    default_process_limit: '250', // its default of 100 would keep half of 200 sessions waiting
  };
}

let started = 0;

/** Starts it in the foreground of a process of ours, so that all its processes are in one tree. */
export async function startPostfix(workshop: Workshop, { sinkPort }: { sinkPort: number }): Promise<Peer> {
  started += 1;
  const folder = join(workshop.folder, `postfix-${started}`);
  const port = await findFreePort();
  for (const name of ['conf', 'queue', 'data']) await mkdir(join(folder, name), { recursive: true, mode: 0o755 });
  const settings = Object.entries(mainSettings(folder, sinkPort)).map(([key, value]) => `${key} = ${value}`);
  const listener = `127.0.0.1:${port} inet n - n - - smtpd`;
  await writeFile(join(folder, 'conf/main.cf'), `${settings.join('\n')}\n`);
  await writeFile(join(folder, 'conf/master.cf'), `${[listener, ...services].join('\n')}\n`);
  const [chown, chownArgs] = asRoot(['chown', 'postfix', join(folder, 'data')]);
  execFileSync(chown, chownArgs);
  if (process.getuid?.() !== 0)
    execFileSync(...asRoot(['chown', '-R', 'root', join(folder, 'conf'), join(folder, 'queue')]));
  const [program, args] = asRoot(['postfix', '-c', join(folder, 'conf'), 'start-fg']);
  const server = workshop.start(`postfix-${started}`, [program, ...args], { ...process.env, LC_ALL: 'C' });
  await waitForGreeting(port, server);
  return { name: 'postfix', port, pid: server.pid, end: () => server.end() };
}
