// A resolver that lies: other ids, other questions, garbage, answers cut short. Only an answer to the question counts.
import { createSocket, type Socket } from 'node:dgram';
import { createServer, type Server } from 'node:net';
import { AUTHENTIC_DATA, decode, encode, TRUNCATED_RESPONSE, type Packet } from 'dns-packet';
import { afterEach, describe, expect, it } from 'vitest';
import { DnsClient } from '../../../../../gateway-agent/delivery/peer-policy/dns-client.ts';

const open: (Socket | Server)[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

type Answers = (query: Packet) => Buffer[];
const reply = (query: Packet, more: Partial<Packet>, flags = 0): Buffer =>
  encode({ type: 'response', id: query.id ?? 0, flags, questions: query.questions ?? [], ...more });
const found = (query: Packet, data = '192.0.2.1'): Partial<Packet> => ({
  answers: [{ type: 'A', name: query.questions?.[0]?.name ?? '', data }],
});

/** UDP and TCP on one port. */
const resolverWith = async (byUdp: Answers, byTcp: Answers = () => []): Promise<number> => {
  const tcp = createServer((socket) => {
    socket.once('data', (bytes) => {
      for (const answer of byTcp(decode(bytes.subarray(2)))) {
        const length = Buffer.alloc(2);
        length.writeUInt16BE(answer.length);
        socket.write(Buffer.concat([length, answer]));
      }
    });
  });
  await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
  const { port } = tcp.address() as { port: number };
  const udp = createSocket('udp4');
  udp.on('message', (bytes, from) => {
    for (const answer of byUdp(decode(bytes))) udp.send(answer, from.port, from.address);
  });
  await new Promise<void>((resolve) => udp.bind(port, '127.0.0.1', resolve));
  open.push(udp, tcp);
  return port;
};
const clientOf = (port: number, isTrusted = true) => new DnsClient({ address: '127.0.0.1', port, isTrusted });

describe('DnsClient', () => {
  it('asks for AD, and believes it only of a trusted resolver', async () => {
    const asked: boolean[] = [];
    const port = await resolverWith((query) => {
      asked.push(((query.flags ?? 0) & AUTHENTIC_DATA) !== 0);
      return [reply(query, found(query), AUTHENTIC_DATA)];
    });

    expect(await clientOf(port).ask('a.test', 'A')).toMatchObject({ kind: 'found', isAuthentic: true });
    expect(await clientOf(port, false).ask('a.test', 'A')).toMatchObject({ kind: 'found', isAuthentic: false });
    expect(asked).toEqual([true, true]);
  });

  it('waits for the right answer among garbage, other ids and other questions', async () => {
    const port = await resolverWith((query) => [
      Buffer.from('garbage'),
      Buffer.alloc(12, 0xff),
      reply({ ...query, id: ((query.id ?? 0) + 1) % 65_536 }, found(query, '192.0.2.66')),
      reply({ ...query, questions: [{ type: 'A', name: 'evil.test' }] }, found(query, '192.0.2.66')),
      reply(query, found(query)),
    ]);

    const answer = await clientOf(port).ask('a.test', 'A');

    expect(answer).toMatchObject({ kind: 'found', records: [{ data: '192.0.2.1' }] });
  });

  it('takes only records of the name asked for, or at the end of its aliases', async () => {
    const port = await resolverWith((query) => [
      reply(query, {
        answers: [
          { type: 'A', name: 'evil.test', data: '192.0.2.66' },
          { type: 'CNAME', name: 'A.test', data: 'b.test' },
          { type: 'A', name: 'B.TEST', data: '192.0.2.1' },
        ],
      }),
    ]);

    expect(await clientOf(port).ask('a.test', 'A')).toMatchObject({
      kind: 'found',
      owner: 'b.test',
      records: [{ data: '192.0.2.1' }],
    });
  });

  it('asks again over TCP where the answer is cut short', async () => {
    const port = await resolverWith(
      (query) => [reply(query, {}, TRUNCATED_RESPONSE)],
      (query) => [reply(query, found(query, '192.0.2.7'))],
    );

    expect(await clientOf(port).ask('a.test', 'A')).toMatchObject({ records: [{ data: '192.0.2.7' }] });
  });

  it.each([
    [2, 'SERVFAIL'],
    [5, 'REFUSED'],
  ])('never takes code %i for "there are none"', async (code, word) => {
    const port = await resolverWith((query) => [reply(query, {}, code)]);

    const answer = await clientOf(port).ask('a.test', 'TLSA');

    expect(answer).toEqual({ kind: 'failed', words: `TLSA of a.test: the resolver says ${word}` });
  });

  it('tells an empty answer and a missing name as none, and asks once for connections that ask together', async () => {
    let count = 0;
    const port = await resolverWith((query) => ((count += 1), [reply(query, {}, 3 | AUTHENTIC_DATA)]));
    const client = clientOf(port);

    const answers = await Promise.all(Array.from({ length: 20 }, () => client.ask('a.test', 'MX')));

    expect(new Set(answers.map(({ kind }) => kind))).toEqual(new Set(['none']));
    expect(count).toBe(1);
  });

  it('asks nobody for what is no name', async () => {
    for (const name of ['', 'a..test', `${'a'.repeat(64)}.test`, 'a b.test', '[192.0.2.1]', 'ü.test']) {
      expect(await clientOf(1).ask(name, 'MX')).toMatchObject({ kind: 'failed' });
    }
  });

  it('fails where nobody answers', async () => {
    expect(await clientOf(9).ask('a.test', 'A')).toEqual({ kind: 'failed', words: 'A of a.test: no resolver answers' });
  });
});
