// Serves the built window from `postern://app/`: a fixed set of files, a nonce for each load, and a strict CSP.
import { protocol } from 'electron';
import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** Must run before the app is ready. A standard, secure scheme gets an origin, storage and module scripts. */
export function announceAppProtocol(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'postern', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Only files that were there at the start are ever served, looked up by name: no path is built from a URL. */
export async function serveApp(folder: string): Promise<void> {
  const files = new Map(
    (await listFiles(folder)).map((file) => [`/${relative(folder, file).split(sep).join('/')}`, file]),
  );
  protocol.handle('postern', async (request) => {
    const url = new URL(request.url);
    const path = url.pathname === '/' ? '/index.html' : url.pathname;
    const file = url.host === 'app' && request.method === 'GET' ? files.get(path) : undefined;
    if (file === undefined) return new Response('Not found', { status: 404 });
    return respond(file, randomBytes(18).toString('base64'));
  });
}

async function respond(file: string, nonce: string): Promise<Response> {
  const type = contentTypes[extname(file)] ?? 'application/octet-stream';
  const content = await readFile(file);
  const body = type.startsWith('text/html')
    ? content.toString('utf8').replaceAll('__CSP_NONCE__', nonce)
    : new Uint8Array(content);
  return new Response(body, {
    headers: {
      'content-type': type,
      'content-security-policy': contentSecurityPolicy(nonce),
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    },
  });
}

/** Mantine writes its theme into style elements: they carry the nonce, everything else comes from our own files. */
function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const nested = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? listFiles(path) : [path];
    }),
  );
  return nested.flat();
}
