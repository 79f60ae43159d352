// The look at a port, with real sockets.
import { createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { lookAtSmtp } from '../../../../electron/fleet/smtp-look.ts';
import { createSelfSigned } from '../../../../electron/local-gateway/self-signed.ts';
import { X509Certificate } from 'node:crypto';

let server: Server;

afterEach(() => new Promise<void>((resolve) => void server.close(() => resolve())));

async function listen(serve: (socket: Socket) => void): Promise<number> {
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const pair = createSelfSigned(['localhost'], new Date());

function speak(socket: Socket, ehlo: string): void {
  socket.write('220 mx1.test ESMTP\r\n');
  socket.on('data', (chunk) => {
    const line = chunk.toString();
    if (line.startsWith('EHLO')) socket.write(ehlo);
    else if (line.startsWith('STARTTLS')) {
      socket.removeAllListeners('data');
      socket.write('220 go\r\n');
      const secureContext = createSecureContext({ key: pair.privateKey, cert: pair.certificate });
      new TLSSocket(socket, { isServer: true, secureContext }).on('error', () => undefined);
    } else socket.end('221 bye\r\n');
  });
}

describe('lookAtSmtp', () => {
  it('sees banner, TLS version and the certificate that is served', async () => {
    const port = await listen((socket) => speak(socket, '250-mx1.test\r\n250-STARTTLS\r\n250 SIZE 1000\r\n'));

    const look = await lookAtSmtp('127.0.0.1', port);

    expect(look).toMatchObject({
      ok: true,
      value: {
        banner: { code: 220, lines: ['mx1.test ESMTP'] },
        offersTls: true,
        fingerprint: new X509Certificate(pair.certificate).fingerprint256,
        problem: null,
      },
    });
  });

  it('sees that no STARTTLS is offered', async () => {
    const port = await listen((socket) => speak(socket, '250-mx1.test\r\n250 SIZE 1000\r\n'));

    expect(await lookAtSmtp('127.0.0.1', port)).toMatchObject({ ok: true, value: { offersTls: false, problem: null } });
  });

  it('reads a refusal in place of the banner', async () => {
    const port = await listen((socket) => socket.end('554 5.7.1 Connection refused (ABCDEFGH)\r\n'));

    expect(await lookAtSmtp('127.0.0.1', port)).toMatchObject({ ok: true, value: { banner: { code: 554 } } });
  });

  it('knows what does not speak SMTP', async () => {
    const port = await listen((socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'));

    expect(await lookAtSmtp('127.0.0.1', port)).toMatchObject({
      value: { banner: null, reason: 'it does not speak SMTP' },
    });
  });

  it('waits no longer than it may for a silent server', async () => {
    const port = await listen((socket) => void socket.resume());

    expect(await lookAtSmtp('127.0.0.1', port, { milliseconds: 200 })).toMatchObject({
      ok: true,
      value: { banner: null },
    });
  });

  it('fails where nothing listens', async () => {
    const port = await listen(() => undefined);
    await new Promise<void>((resolve) => void server.close(() => resolve()));

    expect(await lookAtSmtp('127.0.0.1', port)).toMatchObject({ ok: false, problem: { code: 'unreachable' } });
    await listen(() => undefined);
  });
});
