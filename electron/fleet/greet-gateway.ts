// One sign-in for one hello: whether a gateway can be used, before it is one of the fleet.
import type { Outcome } from '#contract/outcome';
import { protocolVersion } from '#contract/protocol';
import type { HelloReply } from '#contract/replies';
import { asOutcome, askAgent } from '../ssh/ask-agent.ts';
import { connectSsh, type SshTarget } from '../ssh/connect.ts';

/** Connects, asks the agent who it is, and leaves; nothing is kept. */
export async function greetGateway(target: SshTarget): Promise<Outcome<HelloReply>> {
  const connection = await connectSsh(target);
  if (!connection.ok) return connection;
  const hello = await askAgent(connection.value, { verb: 'hello', protocol: protocolVersion });
  connection.value.close();
  return asOutcome(hello);
}
