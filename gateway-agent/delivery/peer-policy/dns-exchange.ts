// One DNS question to one resolver: over UDP, and over TCP where the answer does not fit. Node's own resolver does not
// show the AD flag, without which nothing is known of DNSSEC.
import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect, isIPv6 } from 'node:net';
import { AUTHENTIC_DATA, decode, encode, RECURSION_DESIRED, type DecodedPacket, type RecordType } from 'dns-packet';
import type { Nameserver } from './nameservers.ts';

/** One question. */
export type DnsQuestion = { name: string; type: RecordType };

/** RFC 9715: larger answers would be fragmented. */
const udpBytes = 1232;

/** Node's Resolver asks as long; two tries and the next server make it 20 s at most for two servers. */
const waitMilliseconds = 5000;

/** The packet that answers the question, or null when this server gave none in time. */
export async function exchange(server: Nameserver, question: DnsQuestion): Promise<DecodedPacket | null> {
  const id = randomInt(65_536);
  const query = encode({
    type: 'query',
    id,
    // RFC 6840 §5.7: AD in a query asks for AD in the answer, without the signatures themselves.
    flags: RECURSION_DESIRED | AUTHENTIC_DATA,
    questions: [question],
    additionals: [
      {
        type: 'OPT',
        name: '.',
        udpPayloadSize: udpBytes,
        extendedRcode: 0,
        ednsVersion: 0,
        flags: 0,
        flag_do: false,
        options: [],
      },
    ],
  });
  const fits = (bytes: Buffer) => readAnswer(bytes, { ...question, id });
  const first = await askByUdp(server, query, fits);
  return first?.flag_tc ? askByTcp(server, query, fits) : first;
}

type Reader = (bytes: Buffer) => DecodedPacket | null;

/** Null for whatever is no answer to this question: from elsewhere, or garbage. */
function readAnswer(bytes: Buffer, { id, name, type }: DnsQuestion & { id: number }): DecodedPacket | null {
  try {
    const packet = decode(bytes);
    const asked = packet.questions?.[0];
    if (packet.type !== 'response' || packet.id !== id || asked?.type !== type) return null;
    return asked.name.toLowerCase() === name.toLowerCase() ? packet : null;
  } catch {
    return null; // dns-packet throws on damaged packets
  }
}

function askByUdp({ address, port }: Nameserver, query: Buffer, read: Reader): Promise<DecodedPacket | null> {
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
    const finish = (packet: DecodedPacket | null) => {
      clearTimeout(timer);
      socket.removeAllListeners().on('error', () => undefined);
      socket.close();
      resolve(packet);
    };
    const timer = setTimeout(() => finish(null), waitMilliseconds);
    socket.once('error', () => finish(null)); // nobody listens there
    socket.on('message', (bytes) => {
      const packet = read(bytes);
      if (packet) finish(packet);
    });
    // Connected: only this server is heard, and a refusal is told at once.
    socket.connect(port, address, () => socket.send(query));
  });
}

function askByTcp({ address, port }: Nameserver, query: Buffer, read: Reader): Promise<DecodedPacket | null> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port });
    const finish = (packet: DecodedPacket | null) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(packet);
    };
    const timer = setTimeout(() => finish(null), waitMilliseconds);
    let received = Buffer.alloc(0);
    socket.on('error', () => finish(null));
    socket.once('close', () => finish(null));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 2) return;
      const end = 2 + received.readUInt16BE(0); // RFC 1035 §4.2.2
      if (received.length >= end) finish(read(received.subarray(2, end)));
    });
    const length = Buffer.alloc(2);
    length.writeUInt16BE(query.length);
    socket.write(Buffer.concat([length, query]));
  });
}
