// Keys and certificates made by the openssl command in a temporary folder: files as administrators have them.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type Issuer = { key: string; certificate: string };

export type CertificateWishes = {
  subject: string;
  key: string;
  /** Absent: signed by itself. */
  issuer?: Issuer;
  days?: number;
  digest?: string;
  /** Lines of an extension file. */
  extensions?: string[];
  /** Further arguments of `openssl x509 -req`. */
  more?: string[];
};

/** A folder with openssl in it; `remove` deletes it. */
export class OpenSsl {
  readonly folder = mkdtempSync(join(tmpdir(), 'postern-openssl-'));
  #count = 0;

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  run(...args: string[]): string {
    return execFileSync('openssl', args, { cwd: this.folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  }

  /** Writes content into a new file and returns its path. */
  write(content: string): string {
    const path = join(this.folder, `file-${++this.#count}.pem`);
    writeFileSync(path, content);
    return path;
  }

  rsaKey(bits = 2048): string {
    return this.run('genpkey', '-algorithm', 'RSA', '-pkeyopt', `rsa_keygen_bits:${bits}`);
  }

  ecKey(curve = 'P-256'): string {
    return this.run('genpkey', '-algorithm', 'EC', '-pkeyopt', `ec_paramgen_curve:${curve}`);
  }

  certificate(wishes: CertificateWishes): string {
    const key = this.write(wishes.key);
    const request = this.write(this.run('req', '-new', '-key', key, '-subj', wishes.subject));
    const extensions = this.write([...(wishes.extensions ?? []), ''].join('\n'));
    const signer = wishes.issuer
      ? [
          '-CA',
          this.write(wishes.issuer.certificate),
          '-CAkey',
          this.write(wishes.issuer.key),
          '-set_serial',
          String(++this.#count),
        ]
      : ['-signkey', key];
    const days = ['-days', String(wishes.days ?? 365), `-${wishes.digest ?? 'sha256'}`];
    const extra = [...(wishes.extensions ? ['-extfile', extensions] : []), ...(wishes.more ?? [])];
    return this.run('x509', '-req', '-in', request, ...signer, ...days, ...extra);
  }

  /** One file in another form: `convert(key, 'rsa', '-traditional')`. */
  convert(content: string, ...args: string[]): string {
    const [command = '', ...rest] = args;
    return this.run(command, '-in', this.write(content), ...rest);
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }
}

/** A root, an intermediate and a server certificate for mx.example.net, 90 days valid, with its P-256 key. */
export function makeChain(openssl: OpenSsl): { root: Issuer; intermediate: Issuer; server: Issuer } {
  const authority = ['basicConstraints=critical,CA:TRUE', 'keyUsage=keyCertSign'];
  const rootKey = openssl.rsaKey();
  const root = {
    key: rootKey,
    certificate: openssl.certificate({ subject: '/CN=Example Root', key: rootKey, extensions: authority, days: 3650 }),
  };
  const middleKey = openssl.ecKey();
  const intermediate = {
    key: middleKey,
    certificate: openssl.certificate({
      subject: '/CN=Example Intermediate',
      key: middleKey,
      issuer: root,
      extensions: authority,
      days: 1000,
    }),
  };
  const serverKey = openssl.ecKey();
  const server = {
    key: serverKey,
    certificate: openssl.certificate({
      subject: '/O=Example/CN=mx.example.net',
      key: serverKey,
      issuer: intermediate,
      days: 90,
      extensions: ['subjectAltName=DNS:mx.example.net,DNS:*.mx.example.net,IP:192.0.2.1,IP:2001:db8::1'],
    }),
  };
  return { root, intermediate, server };
}
