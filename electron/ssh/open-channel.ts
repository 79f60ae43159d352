// A connection from a jump host onwards (direct-tcpip), with a deadline and a way to cancel it.
import type { Duplex } from 'node:stream';
import { done, failed, type Outcome } from '#contract/outcome';
import type { SshConnection } from './connect-hop.ts';
import { plainText } from './plain-text.ts';
import { networkReason } from './ssh-failure.ts';

export type ChannelOptions = { milliseconds: number; signal?: AbortSignal | undefined };

/** Asks the jump host to connect. It resolves the name, so that internal names work. */
export function openChannel(
  jump: SshConnection,
  { host, port }: { host: string; port: number },
  options: ChannelOptions,
): Promise<Outcome<Duplex>> {
  const { milliseconds, signal } = options;
  return new Promise((resolve) => {
    let isWaiting = true;
    const finish = (outcome: Outcome<Duplex>) => {
      if (!isWaiting) return;
      isWaiting = false;
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
      resolve(outcome);
    };
    const refuse = (reason: string, hint?: string) =>
      finish(failed('unreachable', `${jump.name} made no connection to ${host}, port ${port}: ${reason}.`, hint));
    const cancel = () => finish(failed('cancelled', `Stopped while connecting to ${host}, port ${port}.`));
    const timer = setTimeout(() => refuse(`no answer within ${Math.round(milliseconds / 1000)} s`), milliseconds);
    if (signal?.aborted) return cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    jump.onClose(() => refuse('its own connection was cut'));
    if (!jump.isOpen()) return refuse('its own connection was closed');
    try {
      jump.client.forwardOut('127.0.0.1', 0, host, port, (error, channel) => {
        if (error !== undefined) return refuse(...explainRefusal(error));
        channel.on('error', () => undefined); // `close` tells the owner
        if (isWaiting) finish(done(channel));
        else channel.destroy();
      });
    } catch (error) {
      refuse(networkReason(error)); // ssh2 throws where the socket is already gone
    }
  });
}

/** RFC 4254 §5.1: the reason codes of a channel that was not opened. */
function explainRefusal(error: Error): [reason: string, hint?: string] {
  const reason = 'reason' in error ? error.reason : null;
  if (reason === 1) {
    return [
      'it does not allow that (administratively prohibited)',
      'Allow it there: AllowTcpForwarding and PermitOpen of sshd_config, "permitopen" of the key.',
    ];
  }
  const words = plainText(error.message.replace(/^\(SSH\) Channel open failure: /, ''));
  return reason === 2 ? [words === '' ? 'it could not connect' : words] : [words];
}
