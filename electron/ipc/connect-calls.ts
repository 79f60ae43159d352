// Calls about how gateways are reached: shared credentials, jump hosts, what OpenSSH's own files say.
import { z } from 'zod';
import { Credential, HostKey, JumpHost, SshAddress } from '#contract/fleet';
import { FleetName } from '#contract/settings';

const Nothing = z.strictObject({});
const ByName = z.strictObject({ name: FleetName });
const Secret = z.string().min(1).max(1024);

/** A host of `~/.ssh/config`, resolved. */
export const ConfiguredHost = z.object({
  alias: z.string(),
  host: z.string(),
  port: z.int(),
  user: z.string(),
  identityFile: z.string().nullable(),
  jumps: z.array(z.string()), // aliases or [user@]host[:port], the nearest first
  isInFleet: z.boolean(),
  /** Why it cannot be imported as it is: ProxyCommand, a name that the fleet cannot take. */
  problem: z.string().nullable(),
});
export type ConfiguredHost = z.infer<typeof ConfiguredHost>;

export const connectCalls = {
  /** `usedBy`: names of gateways and, as 'jump host bastion', of jump hosts. */
  'credentials:list': {
    input: Nothing,
    output: z.array(
      z.object({ name: z.string(), credential: Credential, usedBy: z.array(z.string()), hasSecret: z.boolean() }),
    ),
  },
  'credentials:save': {
    input: ByName.extend({ credential: Credential, secret: Secret.optional() }),
    output: Nothing,
  },
  /** Refused (`exists`) while somebody uses it. */
  'credentials:remove': { input: ByName, output: Nothing },
  'jump-hosts:list': {
    input: Nothing,
    output: z.array(
      z.object({ name: z.string(), jumpHost: JumpHost, usedBy: z.array(z.string()), hasSecret: z.boolean() }),
    ),
  },
  /** The secret of a jump host's own sign-in; one that has a credential uses that one's. */
  'jump-hosts:save': { input: ByName.extend({ jumpHost: JumpHost, secret: Secret.optional() }), output: Nothing },
  'jump-hosts:remove': { input: ByName, output: Nothing },
  /** Key of a host behind jump hosts, read through them. */
  'ssh:scan': { input: z.strictObject({ ssh: SshAddress }), output: HostKey },
  /** The hosts of `~/.ssh/config`, with what stands in the way of each. */
  'ssh:configured-hosts': {
    input: Nothing,
    output: z.object({ hosts: z.array(ConfiguredHost), notes: z.array(z.string()) }),
  },
  /** Adds them to the fleet, with the host keys that known_hosts holds; those without one are named in `unknownKeys`. */
  'ssh:import': {
    input: z.strictObject({ aliases: z.array(z.string().max(255)).min(1).max(10_000), group: FleetName.nullable() }),
    output: z.object({ added: z.array(z.string()), unknownKeys: z.array(z.string()) }),
  },
} as const;
