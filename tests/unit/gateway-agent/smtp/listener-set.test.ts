import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ListenerSet } from '../../../../gateway-agent/smtp/listener-set.ts';
import { findFreePort } from '../../../support/free-port.ts';
import { connectSmtp } from '../../../support/smtp-client.ts';

describe.each([
  ['where a port can be shared', true],
  ['where it cannot', false],
])('ListenerSet %s', (_, sharesPorts) => {
  const sets: ListenerSet[] = [];
  const openSet = (): ListenerSet => {
    const set = new ListenerSet((socket) => socket.end('220 here\r\n'), sharesPorts);
    sets.push(set);
    return set;
  };
  afterEach(() => {
    for (const set of sets.splice(0)) set.close();
  });
  const only = (port: number, ...addresses: string[]) => ({
    listenOn: { kind: 'selected' as const, addresses },
    port,
    idleTimeoutMinutes: 5,
    maxConnections: null,
  });
  const all = (port: number) => ({ ...only(port), listenOn: { kind: 'all' as const } });
  const prepare = async (set: ListenerSet, wanted: Parameters<ListenerSet['prepare']>[0]) => {
    const prepared = await set.prepare(wanted);
    if (!prepared.ok) throw new Error(prepared.problem.message);
    return prepared.value;
  };
  const greets = async (port: number, host: string): Promise<boolean> => {
    const client = await connectSmtp(port, { host }).catch(() => null);
    const reply = client && (await client.reply());
    client?.close();
    return reply === '220 here';
  };

  it('widens one address to all on the same port, and back', async () => {
    const port = await findFreePort();
    const set = openSet();
    (await prepare(set, only(port, '127.0.0.1'))).commit();

    (await prepare(set, all(port))).commit();

    expect(await greets(port, '127.0.0.9')).toBe(true);
    (await prepare(set, only(port, '127.0.0.1'))).commit();
    expect(await greets(port, '127.0.0.1')).toBe(true);
    expect(await greets(port, '127.0.0.9')).toBe(false);
    expect(set.endpoints).toEqual([{ address: '127.0.0.1', port }]);
  });

  it('serves the old address again when the change is taken back', async () => {
    const port = await findFreePort();
    const set = openSet();
    (await prepare(set, only(port, '127.0.0.1'))).commit();

    await (await prepare(set, all(port))).revert();

    expect(await greets(port, '127.0.0.1')).toBe(true);
    expect(await greets(port, '127.0.0.9')).toBe(false);
    expect(set.endpoints).toEqual([{ address: '127.0.0.1', port }]);
  });

  it('leaves nothing open when one of several addresses is taken', async () => {
    const port = await findFreePort();
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.6', resolve));
    const set = openSet();

    const prepared = await set.prepare(only(port, '127.0.0.5', '127.0.0.6'));

    expect(prepared).toMatchObject({ ok: false, problem: { code: 'port-taken' } });
    expect(await greets(port, '127.0.0.5')).toBe(false);
    other.close();
  });
});
