// Gets a policy over HTTPS: RFC 8461 §3.3. The certificate must be one that the web trusts, redirects are not followed,
// and neither size nor time is up to the other side.
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { getCACertificates } from 'node:tls';
import { done, failed, type Outcome } from '#contract/outcome';
import { readStsPolicy, type StsPolicy } from './sts-text.ts';

/** RFC 8461 §3.3 suggests both. */
const maxBytes = 64 * 1024;
const longestMilliseconds = 60_000;

const httpsPort = 443;

/** How a policy is fetched. `port` is another one in tests; `minuteMilliseconds` shortens the wait there. */
export type StsFetch = {
  addressesOf(host: string): Promise<string[]>;
  minuteMilliseconds: number;
  port?: number | undefined;
};

/** Never rejects. */
export async function fetchStsPolicy(domain: string, how: StsFetch): Promise<Outcome<StsPolicy>> {
  const host = `mta-sts.${domain}`;
  const addresses = await how.addressesOf(host).catch(() => []);
  let reason = 'its name has no address';
  for (const address of addresses) {
    const text = await get({ host, address, port: how.port ?? httpsPort, limit: waitOf(how) });
    if (text.ok) {
      const policy = readStsPolicy(text.value);
      return policy ? done(policy) : failed('unreachable', `${host} serves no valid policy`);
    }
    reason = text.problem.message;
  }
  return failed('unreachable', `${host}: ${reason}`);
}

function waitOf({ minuteMilliseconds }: StsFetch): number {
  return (longestMilliseconds * minuteMilliseconds) / 60_000;
}

type Target = { host: string; address: string; port: number; limit: number };

function get({ host, address, port, limit }: Target): Promise<Outcome<string>> {
  return new Promise((resolve) => {
    const fail = (words: string) => {
      asked.destroy();
      resolve(failed('unreachable', words));
    };
    const asked = request({
      host: address,
      servername: host,
      port,
      path: '/.well-known/mta-sts.txt',
      headers: { Host: host, 'User-Agent': 'postern', Accept: 'text/plain' },
      ca: getCACertificates('system'),
      minVersion: 'TLSv1.2',
      agent: false,
      signal: AbortSignal.timeout(limit),
    });
    asked.on('error', (error) => {
      const isLate = error.name === 'AbortError' || error.name === 'TimeoutError';
      fail(isLate ? 'it did not answer in time' : error.message);
    });
    asked.once('response', (response) => {
      if (response.statusCode !== 200) return fail(`it answers with status ${response.statusCode ?? 0}`);
      if (!/^text\/plain *(;|$)/i.test(response.headers['content-type'] ?? '')) {
        return fail('its answer is not text/plain');
      }
      resolve(readAll(response));
    });
    asked.end();
  });
}

async function readAll(response: IncomingMessage): Promise<Outcome<string>> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxBytes) return failed('unreachable', 'its policy is too long');
      chunks.push(chunk);
    }
  } catch {
    return failed('unreachable', 'its policy is cut off'); // the connection broke, or the time was over
  }
  return done(Buffer.concat(chunks).toString('utf8'));
}
