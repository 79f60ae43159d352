import { createConnection } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { startMailSink, type MailSink } from '../../../../electron/local-gateway/mail-sink.ts';

let sink: MailSink;

afterEach(() => sink.close());

async function start(): Promise<void> {
  const started = await startMailSink();
  if (!started.ok) throw new Error(started.problem.message);
  sink = started.value;
}

function talk(text: string): Promise<string> {
  return new Promise((resolve) => {
    let heard = '';
    const socket = createConnection(sink.port, '127.0.0.1', () => socket.write(text));
    socket.on('data', (chunk) => (heard += chunk.toString())).on('close', () => resolve(heard));
  });
}

describe('startMailSink', () => {
  it('takes pipelined messages, counts them and keeps their envelopes', async () => {
    await start();
    const message = 'MAIL FROM:<a@x.test> SIZE=5\r\nRCPT TO:<b@y.test>\r\nRCPT TO:<c@y.test>\r\nDATA\r\nhello\r\n.\r\n';

    const heard = await talk(`EHLO x\r\n${message}${message}QUIT\r\n`);

    expect(heard.match(/^354 /gm)).toHaveLength(2);
    expect(heard.match(/^250 2\.0\.0 Taken/gm)).toHaveLength(2);
    expect(sink.count()).toBe(2);
    expect(sink.envelopes()[0]).toMatchObject({ from: 'a@x.test', to: ['b@y.test', 'c@y.test'], bytes: 7 });
  });

  it('takes no message without a recipient', async () => {
    await start();

    const heard = await talk('EHLO x\r\nMAIL FROM:<a@x.test>\r\nDATA\r\nQUIT\r\n');

    expect(heard).toMatch(/^503 /m);
    expect(sink.count()).toBe(0);
  });
});
