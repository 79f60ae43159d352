// What the desktop says of a host that is to become a gateway: how to sign in once, what stands there, what would be
// done. Shared by the engine, the window and the `postern` command; it never crosses SSH.
import { z } from 'zod';
import { HostOrAddress } from './config.ts';
import { HostKey, SshAddress } from './fleet.ts';

const Secret = z.string().min(1).max(1024);

/** How to sign in to a bare host, once, as root or as a user that may use sudo. Nothing of it is kept. */
export const HostSignIn = z.strictObject({
  host: HostOrAddress,
  port: z.int().min(1).max(65535).default(22),
  user: SshAddress.shape.user.unwrap(),
  hostKeys: z.array(HostKey).min(1),
  signIn: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('agent') }),
    z.strictObject({ kind: z.literal('key'), file: z.string().min(1) }),
    z.strictObject({ kind: z.literal('password') }),
  ]),
  secret: Secret.optional(), // password, or passphrase of the key file
  /** Where it is left out, the sign-in's own password is tried if sudo asks for one. */
  sudoPassword: Secret.optional(),
});
export type HostSignIn = z.infer<typeof HostSignIn>;

/** One thing that enrolment found or would do. */
export const EnrolItem = z.object({
  id: z.string(), // 'system', 'agent', 'users', 'folders', 'management-key', 'service', 'configuration', 'proof', ...
  words: z.string(),
  state: z.enum(['there', 'to-do', 'doing', 'done', 'failed', 'undone', 'obstacle']),
  detail: z.string().optional(),
});
export type EnrolItem = z.infer<typeof EnrolItem>;

export const EnrolReport = z.object({
  isFit: z.boolean(), // nothing stands in the way
  isEnrolled: z.boolean(),
  system: z.string(), // 'Debian GNU/Linux 12, x86_64, systemd 252'
  items: z.array(EnrolItem),
});
export type EnrolReport = z.infer<typeof EnrolReport>;
