import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { idleSettings } from '../../../../gateway-agent/daemon/build-runtime.ts';
import { compileList } from '../../../../gateway-agent/policy/compile-list.ts';
import { admitSocket } from '../../../../gateway-agent/smtp/door.ts';
import { GatewayServer } from '../../../../gateway-agent/smtp/gateway-server.ts';
import type { AcceptedEvent, Intake, RefusalEvent } from '../../../../gateway-agent/smtp/smtp-settings.ts';
import { connectSmtp } from '../../../support/smtp-client.ts';

const noIntake: Intake = {
  hasRoomFor: () => false,
  begin: () => {
    throw new Error('the door takes no message');
  },
};

describe('admitSocket', () => {
  const openDoor = async (denyText: string) => {
    const events: (RefusalEvent | AcceptedEvent)[] = [];
    const settings = idleSettings(60_000);
    const control = { mode: 'accept-except', list: compileList(denyText) } as const;
    const server = new GatewayServer(
      { ...settings, policy: { ...settings.policy, control } },
      { reports: { record: (event) => void events.push(event), greeted: () => undefined }, intake: noIntake },
    );
    const ownPorts = new Set<number>();
    // A dual-stack socket, as no listener of ours is: its IPv4 peers look like ::ffff:127.0.0.2.
    const listener = createServer((socket) => admitSocket(socket, server, (_, port) => ownPorts.has(port)));
    listener.listen(0, '::');
    await once(listener, 'listening');
    const address = listener.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const countSockets = () => new Promise<number>((resolve) => listener.getConnections((_, count) => resolve(count)));
    return { events, server, ownPorts, port, countSockets, close: () => listener.close() };
  };

  it('knows an IPv4 address also when the system shows it as mapped IPv6', async () => {
    const door = await openDoor('127.0.0.2\n');

    const denied = await connectSmtp(door.port, { from: '127.0.0.2' });
    const other = await connectSmtp(door.port, { from: '127.0.0.3' });

    expect(await denied.reply()).toMatch(/^554 5\.7\.1 /);
    expect(await other.reply()).toMatch(/^220 /);
    expect(door.events).toMatchObject([{ peer: '127.0.0.2', rule: 'deny-list', entry: '127.0.0.2' }]);
    expect(door.server.connectionCount).toBe(1);
    other.close();
    door.close();
  });

  it('turns a flood away without keeping any of it', async () => {
    const door = await openDoor('127.0.0.2\n');

    const clients = await Promise.all(Array.from({ length: 100 }, () => connectSmtp(door.port, { from: '127.0.0.2' })));
    const replies = await Promise.all(clients.map((client) => client.reply()));

    expect(replies.every((reply) => reply.startsWith('554 '))).toBe(true);
    expect(door.server.connections.size).toBe(0);
    expect(new Set(door.events.map((event) => ('ref' in event ? event.ref : ''))).size).toBe(100);
    for (const client of clients) client.close();
    door.close();
  });

  it('destroys a half-open peer that never closes its side', async () => {
    const door = await openDoor('127.0.0.2\n');
    const client = await connectSmtp(door.port, { from: '127.0.0.2' });
    client.socket.allowHalfOpen = true;

    await client.reply();
    expect(await door.countSockets()).toBe(1);

    await expect.poll(door.countSockets, { timeout: 3000 }).toBe(0);
    client.close();
    door.close();
  });
});
