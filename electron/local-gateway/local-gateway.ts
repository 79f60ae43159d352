// What a running local gateway is to its users.
import type { HostKey, SshAddress } from '#contract/fleet';
import type { MailSink } from './mail-sink.ts';

export type LocalGateway = {
  ssh: SshAddress;
  hostKey: HostKey;
  /** Free when it was looked for; the first push listens there. */
  smtpPort: number;
  /** The next hop: takes every message and keeps it only as a count and an envelope. */
  sink: MailSink;
  /** Of the agent daemon. */
  pid: number;
  /** Resolves when the daemon has ended, wanted or not. */
  ended: Promise<void>;
  /** Ends the daemon, the SSH server and the next hop. */
  close(): Promise<void>;
};
