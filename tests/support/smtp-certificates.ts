// Certificates made by openssl for one test run: nothing that could leak, nothing that expires in the repository.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export type TestCertificate = { certificate: string; privateKey: string };

/** A CA and what it signed. */
export type TestCa = TestCertificate & {
  sign(names: string[], when?: { notBefore: string; notAfter: string }): Promise<TestCertificate>;
  close(): Promise<void>;
};

/** Makes a CA in a folder of its own; `close` removes the folder. */
export async function createCa(): Promise<TestCa> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-ca-'));
  const at = (name: string) => join(folder, name);
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  await run('openssl', [
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    at('ca.key'),
    '-out',
    at('ca.pem'),
    '-days',
    '30',
    '-subj',
    '/CN=Test CA',
  ]);
  let serial = 0;
  return {
    certificate: await readFile(at('ca.pem'), 'utf8'),
    privateKey: await readFile(at('ca.key'), 'utf8'),
    async sign(names, when) {
      serial += 1;
      const file = (suffix: string) => at(`${serial}.${suffix}`);
      const san = names.map((name) => (/^[\d.]+$/.test(name) ? `IP:${name}` : `DNS:${name}`)).join(',');
      await writeFile(file('ext'), `subjectAltName=${san}\nbasicConstraints=CA:FALSE\n`);
      await run('openssl', [
        'req',
        ...newKey,
        '-keyout',
        file('key'),
        '-out',
        file('csr'),
        '-subj',
        `/CN=${names[0] ?? 'test'}`,
      ]);
      const times = when ? ['-not_before', when.notBefore, '-not_after', when.notAfter] : ['-days', '20'];
      await signRequest({ folder, serial, times });
      return { certificate: await readFile(file('pem'), 'utf8'), privateKey: await readFile(file('key'), 'utf8') };
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

/** `openssl x509` learned -not_before only in 3.4; `openssl ca` always had dates, but wants a database. */
async function signRequest({
  folder,
  serial,
  times,
}: {
  folder: string;
  serial: number;
  times: string[];
}): Promise<void> {
  const at = (name: string) => join(folder, name);
  const [csr, pem, ext] = [at(`${serial}.csr`), at(`${serial}.pem`), at(`${serial}.ext`)];
  if (times[0] === '-days') {
    const signing = ['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-set_serial', String(serial), '-extfile', ext];
    await run('openssl', ['x509', '-req', '-in', csr, '-out', pem, ...signing, ...times]);
    return;
  }
  const config = `[ca]\ndefault_ca=d\n[d]\ndatabase=${at('index.txt')}\nnew_certs_dir=${folder}\nrand_serial=yes\ndefault_md=sha256\npolicy=p\nunique_subject=no\n[p]\ncommonName=supplied\n`;
  await writeFile(at('ca.cnf'), config);
  await writeFile(at('index.txt'), '', { flag: 'a' });
  const dates = ['-startdate', times[1] ?? '', '-enddate', times[3] ?? ''];
  const files = ['-cert', at('ca.pem'), '-keyfile', at('ca.key'), '-in', csr, '-out', pem, '-extfile', ext];
  await run('openssl', ['ca', '-batch', '-notext', '-config', at('ca.cnf'), ...files, ...dates]);
}
