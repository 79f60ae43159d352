// HTTPS for isomorphic-git: certificates verified, no redirects followed, every wait bounded, stopped when asked.
import { request as askHttps } from 'node:https';
import type { Readable } from 'node:stream';
import type { GitHttpRequest, GitHttpResponse, HttpClient } from 'isomorphic-git';

/** `silenceMilliseconds`: how long nothing may come. `ca`: trusted instead of the public authorities. */
export type HttpOptions = { signal: AbortSignal; silenceMilliseconds: number; ca: string | null };

/** Thrown by requests that nobody answered; isomorphic-git passes it on. */
export class SilentServer extends Error {}

/** One client for one sync. */
export function createHttpClient(options: HttpOptions): HttpClient {
  return { request: (asked) => ask(asked, options) };
}

async function ask(asked: GitHttpRequest, options: HttpOptions): Promise<GitHttpResponse> {
  const body = asked.body === undefined ? null : await collect(asked.body);
  const { signal, silenceMilliseconds, ca } = options;
  return new Promise((resolve, reject) => {
    const request = askHttps(asked.url, {
      method: asked.method ?? 'GET',
      headers: { ...asked.headers, ...(body === null ? {} : { 'content-length': body.length }) },
      signal,
      ...(ca === null ? {} : { ca }),
    });
    request.setTimeout(silenceMilliseconds, () =>
      request.destroy(new SilentServer(`Nothing came for ${silenceMilliseconds / 1000} s.`)),
    );
    request.on('error', reject);
    request.on('response', (response) => {
      resolve({
        url: asked.url,
        method: response.method ?? asked.method ?? 'GET',
        headers: Object.fromEntries(
          Object.entries(response.headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]),
        ),
        body: bytesOf(response),
        statusCode: response.statusCode ?? 0,
        statusMessage: response.statusMessage ?? '',
      });
    });
    request.end(body ?? undefined);
  });
}

/** An own generator: isomorphic-git wants `return` to end the stream. */
async function* bytesOf(response: Readable): AsyncGenerator<Uint8Array> {
  for await (const chunk of response) yield Buffer.from(chunk as Buffer);
}

async function collect(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of body) parts.push(part);
  return Buffer.concat(parts);
}
