// Where Postern reaches behind the public face of ssh2 1.17, for speed alone: what is not there as expected is left as
// it is, and then everything works with a round trip or some CPU more. Key checks and ciphers are the library's own.
import { createSecretKey } from 'node:crypto';
import type { Client, ClientChannel, ParsedKey } from 'ssh2';
import { z } from 'zod';

type Sign = (data: Buffer, give: (signature: Buffer) => void) => void;
// oxlint-disable-next-line max-params -- the library's signature
type AuthPK = (username: string, key: ParsedKey, algorithm?: string, sign?: Sign) => void;
type Exec = (channel: number, command: string | Buffer, wantReply: boolean) => void;

const AnyFunction = z.custom<(...args: never[]) => unknown>((value) => typeof value === 'function');
const Protocol = z.looseObject({ authPK: AnyFunction, exec: AnyFunction });

/** The object itself and not a copy: its methods are replaced. */
function protocolOf(client: Client): { authPK: AuthPK; exec: Exec } | null {
  const inside: unknown = Reflect.get(client, '_protocol');
  return Protocol.safeParse(inside).success ? (inside as { authPK: AuthPK; exec: Exec }) : null;
}

/**
 * Signs in with the first message that names a key. The library asks first whether the server would take the key,
 * which costs a round trip and the server a second look at its files; RFC 4252 §7 leaves it to the client.
 */
export function signAtOnce(client: Client): void {
  const protocol = protocolOf(client);
  if (protocol === null) return;
  const authPK = protocol.authPK.bind(protocol);
  // oxlint-disable-next-line max-params -- the library's signature
  protocol.authPK = (username, key, algorithm, sign) =>
    authPK(username, key, algorithm, sign ?? signWith(key, algorithm));
}

/** Undefined where the private half is elsewhere: an ssh-agent may ask a person, and should not for a wrong key. */
function signWith(key: ParsedKey, algorithm: string | undefined): Sign | undefined {
  if (!key.isPrivateKey()) return undefined;
  const hash = /^rsa-sha2-(256|512)$/.exec(algorithm ?? '')?.[1];
  return (data, give) => {
    const signature = hash === undefined ? key.sign(data) : key.sign(data, `sha${hash}`);
    if (signature instanceof Error) throw signature;
    give(signature);
  };
}

/** Where the library keeps the key of a cipher that it makes anew for each packet. */
const keyPlaces = [
  ['_cipher', '_encKey'],
  ['_decipher', '_decipherKey'],
] as const;

/** After each key exchange. Node 24 takes 25 µs to see that plain bytes are no key object, for every packet. */
export function useKeyObjects(client: Client): void {
  client.on('handshake', () => {
    for (const [place, field] of keyPlaces) {
      const cipher: unknown = Reflect.get(Reflect.get(client, '_protocol') as object, place);
      if (typeof cipher !== 'object' || cipher === null) continue;
      const key: unknown = Reflect.get(cipher, field);
      if (Buffer.isBuffer(key)) Reflect.set(cipher, field, createSecretKey(key));
    }
  });
}

/** `isOpen`: the channel was not closed by the server, so that a refusal of the command is its own word. */
type Rider = { input: Buffer; onLeave: (isOpen: () => boolean) => void };

/** By the very bytes of a command: two questions at once have the same words. */
const riders = new WeakMap<Buffer, Rider>();

/**
 * The command for `exec`, which takes its input along in the same flight where the server allows it; `onLeave` tells
 * that it has left. Without that call the caller sends the input when the command has started.
 */
export function withInput(command: string, rider: Rider): string {
  const bytes = Buffer.from(command);
  riders.set(bytes, rider);
  return bytes as unknown as string; // the library takes both, its types know one
}

/** Once for each connection; before, `withInput` is a command like any other. */
export function sendInputAlong(client: Client): void {
  const protocol = protocolOf(client);
  if (protocol === null) return;
  const exec = protocol.exec.bind(protocol);
  protocol.exec = (id, command, wantReply) => {
    exec(id, command, wantReply);
    const rider = typeof command === 'string' ? undefined : riders.get(command);
    const channel = rider === undefined ? null : channelOf(client, id);
    if (rider === undefined || channel === null || !openWindow(client, channel, rider.input.length)) return;
    rider.onLeave(() => channel.incoming.state !== 'closed');
    channel.end(rider.input);
  };
}

const Channels = z.object({ _channels: z.record(z.string(), z.unknown()) });
const Opened = z.object({
  outgoing: z.object({ id: z.int(), window: z.int() }),
  incoming: z.object({ state: z.string() }),
  end: AnyFunction,
});
type Channel = ClientChannel & Pick<z.infer<typeof Opened>, 'outgoing' | 'incoming'>;

function channelOf(client: Client, id: number): Channel | null {
  const channels = Channels.safeParse(Reflect.get(client, '_chanMgr'));
  if (!channels.success) return null;
  const all = Object.values(channels.data._channels);
  const found = all.find((one) => Opened.safeParse(one).data?.outgoing.id === id);
  return found === undefined ? null : (found as Channel);
}

/** The oldest OpenSSH opens 128 KiB, today's 2 MiB. */
const maxEarlyBytes = 64 * 1024;

/**
 * OpenSSH offers no window with a channel and opens it as it starts the command, before it reads on
 * (session_set_fds); what follows the command finds it open.
 */
function openWindow(client: Client, { outgoing }: Channel, bytes: number): boolean {
  if (outgoing.window >= bytes) return true;
  const version: unknown = Reflect.get(client, '_remoteVer');
  const isOpenSsh = typeof version === 'string' && version.startsWith('OpenSSH_');
  if (!isOpenSsh || outgoing.window !== 0 || bytes > maxEarlyBytes) return false;
  outgoing.window = bytes; // what it tells later comes on top, and nothing is sent after the end
  return true;
}
