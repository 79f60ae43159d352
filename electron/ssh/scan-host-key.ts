// First contact: which host key does this server show?
import type { Duplex } from 'node:stream';
import ssh2 from 'ssh2';
import type { HostKey } from '#contract/fleet';
import { done, failed, type Outcome } from '#contract/outcome';
import { offeredAlgorithms } from './algorithms.ts';
import { readHostKey } from './host-key.ts';
import type { SshConnection } from './connect-hop.ts';
import { openChannel } from './open-channel.ts';
import { openSocket } from './open-socket.ts';
import { networkReason } from './ssh-failure.ts';

const scanMilliseconds = 10_000;

export type ScanOptions = {
  signal?: AbortSignal | undefined;
  /** The last jump host on the way. */
  jump?: SshConnection | null;
};

/** Connects, reads the key that the server shows, and closes before any sign-in; connect.ts makes it prove the key. */
export async function scanHostKey(
  host: string,
  port: number,
  { signal, jump = null }: ScanOptions = {},
): Promise<Outcome<HostKey>> {
  const wait = { milliseconds: scanMilliseconds, signal };
  const socket: Outcome<Duplex> = await (jump === null
    ? openSocket(host, port, wait)
    : openChannel(jump, { host, port }, wait));
  if (!socket.ok) return socket;
  return new Promise((resolve) => {
    const client = new ssh2.Client();
    let shown: HostKey | null = null;
    const finish = (reason: string) => {
      socket.value.destroy();
      resolve(shown === null ? noKey(host, port, reason) : done(shown));
    };
    client.on('error', (error) => finish(networkReason(error)));
    client.on('close', () => finish('the connection was closed'));
    client.connect({
      sock: socket.value,
      username: 'postern-scan', // never sent: the key exchange ends before user names
      algorithms: offeredAlgorithms([]),
      readyTimeout: scanMilliseconds,
      authHandler: [],
      hostVerifier: (blob: Buffer) => {
        shown = readHostKey(blob);
        return false;
      },
    });
  });
}

function noKey(host: string, port: number, reason: string): Outcome<never> {
  return failed(
    'unreachable',
    `${host}, port ${port}, showed no SSH host key: ${reason}.`,
    'Check that an SSH server listens there, and that it offers curve25519 or ECDH.',
  );
}
