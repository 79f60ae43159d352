// A git server for tests: bare repositories behind https, by git's own http-backend, for whoever has the token.
import { spawn } from 'node:child_process';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { runWithInput } from './ssh-client.ts';

export type GitServer = {
  url: string;
  /** Requests so far, with what they showed of who asks. */
  asked: { url: string; authorization: string | null }[];
  close(): Promise<void>;
};

export type GitServerOptions = { folder: string; token: string; tls: { key: string; cert: string } };

/** Serves `folder/*.git`. Every other request is refused with 401 until the token comes along. */
export async function startGitServer({ folder, token, tls }: GitServerOptions): Promise<GitServer> {
  const { stdout } = await runWithInput(['git', '--exec-path']);
  const backend = join(stdout.trim(), 'git-http-backend');
  const asked: GitServer['asked'] = [];
  const server = createServer(tls, (request, response) => {
    const { authorization = null } = request.headers;
    asked.push({ url: request.url ?? '', authorization });
    const given = Buffer.from(authorization?.replace(/^Basic /, '') ?? '', 'base64').toString();
    if (!given.endsWith(`:${token}`)) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
      return;
    }
    const { pathname, searchParams } = new URL(request.url ?? '/', 'https://localhost');
    const child = spawn(backend, {
      env: {
        ...process.env,
        GIT_PROJECT_ROOT: folder,
        GIT_HTTP_EXPORT_ALL: '1',
        REMOTE_USER: 'tester',
        PATH_INFO: pathname,
        QUERY_STRING: searchParams.toString(),
        REQUEST_METHOD: request.method ?? 'GET',
        CONTENT_TYPE: request.headers['content-type'] ?? '',
        CONTENT_LENGTH: request.headers['content-length'] ?? '',
      },
    });
    request.pipe(child.stdin);
    const parts: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => parts.push(part));
    child.on('close', () => {
      const answer = Buffer.concat(parts);
      const end = answer.indexOf('\r\n\r\n');
      const headers = answer
        .toString('latin1', 0, end)
        .split('\r\n')
        .map((line) => line.split(': ', 2));
      const status = headers.find(([name]) => name === 'Status')?.[1];
      for (const [name = '', value = ''] of headers) if (name !== 'Status') response.setHeader(name, value);
      response.writeHead(status === undefined ? 200 : Number.parseInt(status, 10)).end(answer.subarray(end + 4));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `https://localhost:${port}`,
    asked,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
