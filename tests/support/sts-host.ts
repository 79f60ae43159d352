// The HTTPS side of MTA-STS: serves what a test wants for each policy host, and counts who asked.
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TestCertificate } from './smtp-certificates.ts';

/** A policy text, or an answer that is none. `null` cuts the connection. */
export type StsAnswer = string | ((response: ServerResponse) => void) | null;

export type StsHost = {
  port: number;
  answers: Map<string, StsAnswer>;
  /** Host names in the order they were asked. */
  asked: string[];
  close(): Promise<void>;
};

export async function startStsHost({ certificate, privateKey }: TestCertificate): Promise<StsHost> {
  const answers = new Map<string, StsAnswer>();
  const asked: string[] = [];
  const server = createServer({ cert: certificate, key: privateKey }, (request, response) => {
    const host = request.headers.host ?? '';
    asked.push(host);
    const answer = request.url === '/.well-known/mta-sts.txt' ? answers.get(host) : undefined;
    if (answer === null) request.socket.destroy();
    else if (answer === undefined) response.writeHead(404).end();
    else if (typeof answer === 'function') answer(response);
    else response.writeHead(200, { 'Content-Type': 'text/plain' }).end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    answers,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A policy as domains write it. */
export function stsPolicy(mode: string, mx: string[], maxAge = 86_400): string {
  return ['version: STSv1', `mode: ${mode}`, ...mx.map((name) => `mx: ${name}`), `max_age: ${maxAge}`, ''].join('\r\n');
}
