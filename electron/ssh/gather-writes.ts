// One system call for all that is written in one turn. ssh2 writes each packet in three pieces, length, content and
// tag; with Nagle off each became a TCP segment of its own, which cost both ends more than the encryption.
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** From now on the socket sends at the end of a turn what was written in it. Streams of other kinds stay as they are. */
export function gatherWrites(stream: Duplex): void {
  if (!(stream instanceof Socket)) return; // a channel of a jump host has no writev
  const write = stream.write.bind(stream) as (...args: unknown[]) => boolean; // one of several overloads
  let isGathering = false;
  const flush = () => {
    isGathering = false;
    stream.uncork();
  };
  stream.write = (...args: unknown[]) => {
    if (!isGathering) {
      isGathering = true;
      stream.cork();
      process.nextTick(flush);
    }
    return write(...args);
  };
}
