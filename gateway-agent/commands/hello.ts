// `hello`: who this gateway is, what it runs, and which files need not be sent again.
import { schemaVersion } from '#contract/config';
import { done } from '#contract/outcome';
import { protocolVersion } from '#contract/protocol';
import type { Answer, HelloReply } from '#contract/replies';
import { readCurrent } from '../store/current.ts';
import { heldFiles } from '../store/kept-releases.ts';
import { askStatus, withDaemon } from './ask-daemon.ts';
import type { CommandContext } from './command-context.ts';
import { listOwnAddresses } from './own-addresses.ts';

/** Answers with or without a daemon: a desktop must be able to see that it is down. */
export async function hello(context: CommandContext): Promise<Answer<HelloReply>> {
  const { root, agentVersion, hostName, author, clientAddress } = context;
  const [currentRevision, files, status] = await Promise.all([
    readCurrent(root),
    heldFiles(root),
    withDaemon(root, (daemon) => askStatus(daemon)),
  ]);
  return done({
    agentVersion,
    protocol: protocolVersion,
    schemaVersion,
    hostName,
    addresses: listOwnAddresses(),
    currentRevision,
    runningRevision: status.ok ? status.value.runningRevision : null,
    daemonAnswers: status.ok,
    files,
    author,
    clientAddress,
  });
}
