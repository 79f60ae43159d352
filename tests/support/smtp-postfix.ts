// A Postfix of our own that delivers: its configuration, queue and data lie in a temporary folder, it listens on nothing
// unless it is asked to, and relays everything to one port of 127.0.0.1. Needs root, as Postfix does.
import { execFile, spawn } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { runAsRoot } from './as-root.ts';

const run = promisify(execFile);

export type PostfixWish = {
  relayPort: number;
  bindAddress: string;
  tlsLevel: 'none' | 'may' | 'encrypt';
  /** Where it takes mail by SMTP too; otherwise it listens on nothing. */
  listenPort?: number;
};

export type TestPostfix = {
  /** Hands a message to Postfix with its own sendmail. */
  send(message: { from: string; to: string[]; content: string }): Promise<void>;
  /** The log so far: `status=sent`, `status=bounced`, `status=deferred`. */
  log(): Promise<string>;
  waitForLog(pattern: RegExp): Promise<string>;
  close(): Promise<void>;
};

const services = [
  'pickup unix n - n 1 1 pickup',
  'cleanup unix n - n - 0 cleanup',
  'qmgr unix n - n 300 1 qmgr',
  'rewrite unix - - n - - trivial-rewrite',
  'bounce unix - - n - 0 bounce',
  'defer unix - - n - 0 bounce',
  'trace unix - - n - 0 bounce',
  'tlsmgr unix - - n 1000? 1 tlsmgr',
  'smtp unix - - n - - smtp',
  'relay unix - - n - - smtp',
  'error unix - - n - - error',
  'retry unix - - n - - error',
  'discard unix - - n - - discard',
  'anvil unix - - n - 1 anvil',
  'scache unix - - n - 1 scache',
  'showq unix n - n - - showq',
  'flush unix n - n 1000? 0 flush',
  'postlog unix-dgram n - n - 1 postlogd',
];

/** Starts it and waits until it takes mail. */
export async function startPostfix(wish: PostfixWish): Promise<TestPostfix> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-postfix-'));
  await chmod(folder, 0o755);
  const at = (name: string) => join(folder, name);
  for (const name of ['conf', 'queue', 'data']) await mkdir(at(name), { mode: 0o755 });
  const postfixUid = Number((await run('id', ['-u', 'postfix'])).stdout);
  await chown(at('data'), postfixUid, 0);
  await writeFile(at('conf/main.cf'), mainConfig(folder, wish));
  const listener = wish.listenPort === undefined ? [] : [`127.0.0.1:${wish.listenPort} inet n - n - - smtpd`];
  await writeFile(at('conf/master.cf'), `${[...listener, ...services].join('\n')}\n`);
  const postfix = (...args: string[]) => runAsRoot('postfix', '-c', at('conf'), ...args);
  await postfix('start');
  const log = () => readFile(at('mail.log'), 'utf8').catch(() => '');
  return {
    log,
    async send({ from, to, content }) {
      const child = spawn('/usr/sbin/sendmail', ['-C', at('conf'), '-i', '-f', from, ...to], {
        stdio: ['pipe', 'ignore', 'pipe'],
      });
      let errors = '';
      child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
      child.stdin.end(content);
      const status = await new Promise((resolve) => child.once('exit', resolve));
      if (status !== 0) throw new Error(`sendmail: ${errors}`);
    },
    async waitForLog(pattern) {
      for (let attempt = 0; attempt < 200; attempt += 1) {
        const text = await log();
        if (pattern.test(text)) return text;
        await delay(50);
      }
      throw new Error(`Postfix never logged ${String(pattern)}:\n${await log()}`);
    },
    async close() {
      await postfix('abort').catch(() => '');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function mainConfig(folder: string, { relayPort, bindAddress, tlsLevel, listenPort }: PostfixWish): string {
  const settings = {
    compatibility_level: '3.6',
    queue_directory: `${folder}/queue`,
    data_directory: `${folder}/data`,
    maillog_file: `${folder}/mail.log`,
    maillog_file_prefixes: folder,
    myhostname: 'postfix.test',
    mydestination: '',
    local_recipient_maps: '',
    alias_maps: '',
    alias_database: '',
    inet_interfaces: 'loopback-only',
    inet_protocols: 'ipv4',
    relayhost: `[127.0.0.1]:${relayPort}`,
    smtp_bind_address: bindAddress,
    smtp_tls_security_level: tlsLevel,
    smtp_tls_loglevel: '1',
    bounce_notice_recipient: 'postmaster@postfix.test',
    minimal_backoff_time: '300s',
    ...(listenPort === undefined ? { master_service_disable: 'inet' } : { smtpd_peername_lookup: 'no' }),
  };
  return `${Object.entries(settings)
    .map(([key, value]) => `${key} = ${value}`)
    .join('\n')}\n`;
}
