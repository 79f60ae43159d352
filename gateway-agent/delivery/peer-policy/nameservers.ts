// Which resolvers are asked, and whose word on DNSSEC counts: RFC 7672 §2.2 wants a secure path to a validating one, and
// that is the loopback interface, or whatever the operator vouches for with `options trust-ad`.
import { readFile } from 'node:fs/promises';

/** One resolver. `isTrusted`: its AD flag counts. */
export type Nameserver = { address: string; port: number; isTrusted: boolean };

const file = '/etc/resolv.conf';
const dnsPort = 53;

/** MAXNS of resolv.conf(5). */
const maxServers = 3;

/** What resolv.conf names; resolv.conf(5): without a name server it is the one on this machine. */
export async function loadNameservers(): Promise<Nameserver[]> {
  return parseResolvConf(await readFile(file, 'utf8').catch(() => ''));
}

/** Reads the lines that matter here. */
export function parseResolvConf(text: string): Nameserver[] {
  const lines = text.split('\n').map((line) =>
    line
      .replace(/[#;].*$/, '')
      .trim()
      .split(/\s+/),
  );
  const vouchesForAll = lines.some(([keyword, ...options]) => keyword === 'options' && options.includes('trust-ad'));
  const named = lines.flatMap(([keyword, address = '']) =>
    keyword === 'nameserver' && address !== '' ? [address] : [],
  );
  const addresses = named.length === 0 ? ['127.0.0.1'] : named.slice(0, maxServers);
  return addresses.map((address) => ({ address, port: dnsPort, isTrusted: vouchesForAll || isLoopback(address) }));
}

/** The daemon's `--resolver`: `ADDRESS`, `ADDRESS:PORT` or `[IPV6]:PORT`; null when it is none of them. */
export function parseNameserver(text: string): Nameserver | null {
  const match = /^(?:\[([0-9a-f:.]+)\]|([0-9.]+)|([0-9a-f]*:[0-9a-f:.]+:[0-9a-f.]*))(?::(\d{1,5}))?$/i.exec(text);
  const address = match?.[1] ?? match?.[2] ?? match?.[3];
  const port = Number(match?.[4] ?? dnsPort);
  if (address === undefined || port < 1 || port > 65535) return null;
  return { address, port, isTrusted: isLoopback(address) };
}

function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}
