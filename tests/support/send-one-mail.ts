// One message by hand, for tests that want it to be in a queue.
import { connect } from 'node:net';

/** From a@client.test to b@example.net over loopback; resolves when it was taken. */
export function sendOneMail(port: number): Promise<void> {
  const lines = [
    'EHLO client.test',
    'MAIL FROM:<a@client.test>',
    'RCPT TO:<b@example.net>',
    'DATA',
    'Subject: waits\r\n\r\nwaits\r\n.',
    'QUIT',
  ];
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let said = '';
    socket.on('data', (chunk) => {
      said += chunk.toString();
      if (!/^\d{3} .*\r\n$/m.test(chunk.toString())) return;
      const line = lines.shift();
      if (line === undefined) socket.end();
      else socket.write(`${line}\r\n`);
    });
    socket.on('error', reject);
    socket.on('close', () => (/^250 .*queued|^250 2\.0\.0/im.test(said) ? resolve() : reject(new Error(said))));
  });
}
