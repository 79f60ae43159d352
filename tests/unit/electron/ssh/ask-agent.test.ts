// One question to an agent that may be anything: right, missing, cut off, or hostile.
import type { ServerChannel } from 'ssh2';
import { afterEach, describe, expect, it } from 'vitest';
import { askAgent } from '../../../../electron/ssh/ask-agent.ts';
import { connectSsh, type SshConnection } from '../../../../electron/ssh/connect.ts';
import { endChannel, startSsh2Server, type Ssh2Server } from '../../../support/ssh2-server.ts';

const hello = { verb: 'hello', protocol: 1 } as const;
const revision = 'a'.repeat(64);
const helloReply = {
  agentVersion: '1.0.0',
  protocol: 1,
  schemaVersion: 1,
  hostName: 'mx1.example.net',
  addresses: ['127.0.0.1'],
  currentRevision: revision,
  runningRevision: revision,
  daemonAnswers: true,
  files: [],
  author: 'tester',
  clientAddress: '127.0.0.1',
};
const ends: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

type Exec = (channel: ServerChannel, command: string, input: Promise<string>) => void;

async function connectTo(onExec: Exec): Promise<{ server: Ssh2Server; connection: SshConnection }> {
  const server = await startSsh2Server({ onExec });
  ends.push(server.stop);
  const { host, port, hostKey } = server;
  const connection = await connectSsh({
    name: 'mx1',
    address: { host, port, user: 'u' },
    hostKeys: [hostKey],
    credentials: { kind: 'password', password: 'x' },
  });
  if (!connection.ok) throw new Error(connection.problem.message);
  ends.push(connection.value.close);
  return { server, connection: connection.value };
}

describe('askAgent', () => {
  it('runs the fixed command and sends the request on stdin', async () => {
    let heard = '';
    const { server, connection } = await connectTo((channel, _command, input) => {
      void input.then((text) => {
        heard = text;
        endChannel(channel, `${JSON.stringify({ ok: true, value: helloReply })}\n`, { status: 0 });
      });
    });

    const answer = await askAgent(connection, hello);

    expect(answer).toEqual({ ok: true, value: helloReply });
    expect(server.commands).toEqual(['gateway-agent rpc']);
    expect(JSON.parse(heard)).toEqual(hello);
  });

  it('leaves nothing behind on a connection that is kept', async () => {
    const { connection } = await connectTo((channel) => {
      endChannel(channel, `${JSON.stringify({ ok: true, value: helloReply })}\n`, { status: 0 });
    });
    let listening = 0;
    const counted: SshConnection = {
      ...connection,
      onClose(listener) {
        listening += 1;
        const unhear = connection.onClose(listener);
        return () => {
          listening -= 1;
          unhear();
        };
      },
    };

    for (let question = 0; question < 20; question++) expect((await askAgent(counted, hello)).ok).toBe(true);

    expect(listening).toBe(0);
  });

  it('reports steps as they come, and ignores keys that it does not know', async () => {
    const { connection } = await connectTo((channel) => {
      channel.write('{"step":"check","state":"running","later":1}\n{"step":"check","sta');
      channel.write('te":"done","milliseconds":3}\n');
      endChannel(channel, `${JSON.stringify({ ok: true, value: { ...helloReply, later: true } })}\n`, { status: 0 });
    });
    const steps: unknown[] = [];

    const answer = await askAgent(connection, hello, { onStep: (step) => steps.push(step) });

    expect(steps).toEqual([
      { step: 'check', state: 'running' },
      { step: 'check', state: 'done', milliseconds: 3 },
    ]);
    expect(answer).toEqual({ ok: true, value: helloReply });
  });

  it('passes on no more steps than a push has, however many a hostile gateway sends', async () => {
    const lines = Array.from({ length: 200 }, (_, n) => `{"step":"${n % 2 ? 'check' : 'store'}","state":"running"}`);
    const { connection } = await connectTo((channel) =>
      endChannel(channel, `${lines.join('\n')}\n${JSON.stringify({ ok: true, value: helloReply })}\n`, { status: 0 }),
    );
    let steps = 0;

    const answer = await askAgent(connection, hello, { onStep: () => (steps += 1) });

    expect(answer.ok).toBe(true);
    expect(steps).toBeLessThan(100);
  });

  it('leaves a gateway that sends more lines than any agent', async () => {
    const { connection } = await connectTo((channel) =>
      endChannel(channel, `${'{"step":"check","state":"running"}\n'.repeat(5_000)}`, { status: 0 }),
    );

    const answer = await askAgent(connection, hello);

    expect(answer).toMatchObject({ ok: false, from: 'link' });
    expect(JSON.stringify(answer)).toContain('larger than any reply');
  });

  it('passes on the agent’s own words, without what a terminal would obey', async () => {
    const problem = { code: 'port-taken', message: 'port 25 is \u001b[2Jheld\u0007 by postfix', findings: [] };
    const { connection } = await connectTo((channel) =>
      endChannel(channel, `${JSON.stringify({ ok: false, problem })}\n`, { status: 1 }),
    );

    const answer = await askAgent(connection, hello);

    expect(answer).toMatchObject({ ok: false, from: 'agent', problem: { code: 'port-taken' } });
    expect(JSON.stringify(answer)).not.toMatch(/\\u001b|\\u0007/);
  });

  it('reads a code of a newer agent as internal and keeps its message', async () => {
    const line = JSON.stringify({ ok: false, problem: { code: 'moon-phase', message: 'not today' } });
    const { connection } = await connectTo((channel) => endChannel(channel, `${line}\n`, { status: 1 }));

    expect(await askAgent(connection, hello)).toMatchObject({
      from: 'agent',
      problem: { code: 'internal', message: 'not today' },
    });
  });

  it('says that the host has no agent, with the shell’s words, and that nothing was sent', async () => {
    const { connection } = await connectTo((channel) =>
      endChannel(channel, '', { status: 127, errorText: 'sh: 1: gateway-agent: not found\n' }),
    );

    const answer = await askAgent(connection, hello);

    expect(answer).toMatchObject({ ok: false, from: 'nobody', problem: { code: 'unreachable' } });
    expect(JSON.stringify(answer)).toContain(
      'no gateway-agent that this user can run: sh: 1: gateway-agent: not found',
    );
  });

  it('says that the server refused the command', async () => {
    const server = await startSsh2Server();
    ends.push(server.stop);
    const { host, port, hostKey } = server;
    const connection = await connectSsh({
      name: 'mx1',
      address: { host, port, user: 'u' },
      hostKeys: [hostKey],
      credentials: { kind: 'password', password: 'x' },
    });
    if (!connection.ok) throw new Error(connection.problem.message);

    expect(await askAgent(connection.value, hello)).toMatchObject({ ok: false, from: 'nobody' });
  });

  it('knows a connection that was cut after the request left', async () => {
    const { server, connection } = await connectTo((_channel, _command, input) => void input.then(() => server.cut()));

    expect(await askAgent(connection, hello)).toMatchObject({
      ok: false,
      from: 'link',
      problem: { code: 'unreachable' },
    });
  });

  it('asks nothing over a connection that is already gone', async () => {
    const { server, connection } = await connectTo((channel) => endChannel(channel, '', { status: 0 }));
    const closed = new Promise<void>((resolve) => connection.onClose(resolve));
    server.cut();
    await closed;

    expect(await askAgent(connection, hello)).toMatchObject({ ok: false, from: 'nobody' });
  });

  it('ends a reply that does not end', async () => {
    const { connection } = await connectTo((channel) => {
      const flood = () => {
        while (channel.write('x'.repeat(64 * 1024)));
        channel.once('drain', flood);
      };
      flood();
    });

    const answer = await askAgent(connection, hello);

    expect(answer).toMatchObject({ ok: false, from: 'link' });
    expect(JSON.stringify(answer)).toContain('larger than any reply');
  });

  it('does not wait longer than it was told to', async () => {
    const { connection } = await connectTo(() => undefined);

    expect(await askAgent(connection, hello, { milliseconds: 200 })).toMatchObject({ ok: false, from: 'link' });
  });

  it('takes a reply in a wrong form for no answer', async () => {
    const { connection } = await connectTo((channel) =>
      endChannel(channel, '{"ok":true,"value":{"hostName":7}}\n', { status: 0 }),
    );

    expect(await askAgent(connection, hello)).toMatchObject({ ok: false, from: 'link', problem: { code: 'internal' } });
  });
});
