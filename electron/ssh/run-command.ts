// One command on a signed-in connection: input in, lines out, everything bounded. What the lines mean is left to
// ask-agent.ts.
import type { Readable } from 'node:stream';
import type { ClientChannel } from 'ssh2';
import { withInput } from './inside-ssh2.ts';
import { networkReason } from './ssh-failure.ts';
import type { SshConnection } from './connect-hop.ts';

/** A live link opens a channel within one round trip and a fork; after this it counts as dead. */
const openMilliseconds = 10_000;
/** Room for a status with its configuration and a difference cut at 200 entries; a hostile gateway ends here. */
const maxReplyBytes = 16 * 1024 * 1024;
/** An agent sends a dozen; half a million in 16 MiB held the window for nine seconds. */
const maxReplyLines = 256;
const maxErrorBytes = 4 * 1024;

export type RunOptions = {
  input: string | Buffer;
  onLine: (line: string) => void;
  milliseconds: number;
  signal?: AbortSignal | undefined;
};

/** `not-started`: nothing of the input left. `broken`: it left, and the end was not seen. */
export type RunResult =
  | { kind: 'not-started'; reason: string }
  | { kind: 'ended'; status: number | null; errorText: string }
  | { kind: 'broken'; reason: string };

/** Runs it and resolves when the channel is closed, the time is over, or the link is gone. */
export function runCommand(connection: SshConnection, command: string, options: RunOptions): Promise<RunResult> {
  const { signal } = options;
  return new Promise((resolve) => {
    let isWaiting = true;
    let hasLeft = false;
    let unhear = (): void => undefined;
    const finish = (result: RunResult | Promise<RunResult>) => {
      if (!isWaiting) return;
      isWaiting = false;
      unhear();
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
      resolve(result);
    };
    const notStarted = (reason: string) => finish({ kind: 'not-started', reason });
    // What was sent along with the command may have been read, though no answer to the command came.
    const giveUp = (reason: string) => finish({ kind: hasLeft ? 'broken' : 'not-started', reason });
    const cancel = () => giveUp('stopped');
    const timer = setTimeout(() => {
      connection.close();
      giveUp('the kept connection is dead');
    }, openMilliseconds);
    if (signal?.aborted) return cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    unhear = connection.onClose(() => giveUp('the connection was cut'));
    if (!connection.isOpen()) return notStarted('the connection was closed');
    const input = Buffer.from(options.input);
    let isRefusal = (): boolean => true;
    const onLeave = (isOpen: () => boolean) => {
      hasLeft = true;
      isRefusal = isOpen;
    };
    try {
      connection.client.exec(withInput(command, { input, onLeave }), (error, channel) => {
        if (error !== undefined) {
          if (!isRefusal()) return giveUp('the channel was closed');
          return notStarted(`the SSH server refused the command (${networkReason(error)})`);
        }
        // At once, not in a promise: a command that ends at once has its exit status in the same packet.
        if (isWaiting) finish(exchange(connection, channel, { ...options, input: hasLeft ? null : input }));
        else channel.close();
      });
    } catch (error) {
      notStarted(networkReason(error)); // ssh2 throws where the socket is already gone
    }
  });
}

/** `input` null: it was sent along with the command. */
type Exchange = Omit<RunOptions, 'input'> & { input: Buffer | null };

function exchange(connection: SshConnection, channel: ClientChannel, options: Exchange): Promise<RunResult> {
  return new Promise((resolve) => {
    let status: number | null = null;
    const errors = keepStart(channel.stderr);
    let unhear = (): void => undefined;
    const finish = (result: RunResult) => {
      unhear();
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', cancel);
      resolve(result);
    };
    const abandon = (reason: string) => {
      finish({ kind: 'broken', reason });
      channel.close();
    };
    const cancel = () => abandon('stopped');
    const timer = setTimeout(
      () => abandon(`no end within ${Math.round(options.milliseconds / 1000)} s`),
      options.milliseconds,
    );
    options.signal?.addEventListener('abort', cancel, { once: true });
    unhear = connection.onClose(() => finish({ kind: 'broken', reason: 'the connection was cut' }));
    channel.on('exit', (code: number | null) => (status = code));
    channel.on('error', () => undefined); // a write after the other side closed; `close` follows
    channel.on('close', () => {
      // Without an exit status the channel ended because the link did, not the command.
      if (connection.isOpen() || status !== null) finish({ kind: 'ended', status, errorText: errors() });
      else finish({ kind: 'broken', reason: 'the connection was cut' });
    });
    eachLine(channel, options.onLine, () => abandon('the reply is larger than any reply of an agent'));
    if (options.input !== null) channel.end(options.input);
  });
}

/** Splits at line feeds, whole lines only; a last line without one counts at the end. */
function eachLine(stream: Readable, onLine: (line: string) => void, onTooLarge: () => void): void {
  let total = 0;
  let lines = 0;
  let parts: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => {
    total += chunk.length;
    if (total > maxReplyBytes) return onTooLarge();
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      if (++lines > maxReplyLines) return onTooLarge();
      parts.push(chunk.subarray(start, end));
      onLine(Buffer.concat(parts).toString('utf8'));
      parts = [];
      start = end + 1;
    }
    if (start < chunk.length) parts.push(chunk.subarray(start));
  });
  stream.on('end', () => {
    if (parts.length > 0) onLine(Buffer.concat(parts).toString('utf8'));
  });
}

function keepStart(stream: Readable): () => string {
  let text = '';
  stream.on('data', (chunk: Buffer) => {
    if (text.length < maxErrorBytes) text += chunk.toString('utf8').slice(0, maxErrorBytes - text.length);
  });
  return () => text;
}
