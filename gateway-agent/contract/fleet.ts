// What the fleet folder says about a gateway besides its settings: how to reach it, which keys it shows, what it was
// last given. Read by the engine, the window and people with a text editor; it never crosses SSH.
import { z } from 'zod';
import { HostOrAddress } from './config.ts';
import { Revision } from './files.ts';
import { FleetName, GatewaySettings } from './settings.ts';

/** How to sign in. Secrets lie in the keychain under the gateway's name, never here. */
export const SignIn = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('agent') }), // ssh-agent, by SSH_AUTH_SOCK (or Pageant)
  z.strictObject({ kind: z.literal('key'), file: z.string().min(1) }), // private key file on this computer
  z.strictObject({ kind: z.literal('password') }),
]);
export type SignIn = z.infer<typeof SignIn>;

/** A host key as OpenSSH prints it, with the fingerprint that people compare. */
export const HostKey = z.strictObject({
  type: z.string(), // 'ssh-ed25519'
  key: z.base64(), // the public key blob
  fingerprint: z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}$/),
});
export type HostKey = z.infer<typeof HostKey>;

/** Where the SSH server is and who signs in. */
export const SshAddress = z.strictObject({
  host: HostOrAddress,
  port: z.int().min(1).max(65535).default(22),
  user: z
    .string()
    .min(1)
    .max(64)
    .regex(/^[^\s:@]+$/, 'Not a user name.')
    .default('postern-deploy'),
  signIn: SignIn.default({ kind: 'agent' }),
});
export type SshAddress = z.infer<typeof SshAddress>;

/** What the gateway was last given and confirmed: the base of the next push. */
export const LastPush = z.strictObject({ revision: Revision, at: z.string(), by: z.string(), pushId: z.string() });
export type LastPush = z.infer<typeof LastPush>;

/** `gateways/<name>.yaml`. */
export const GatewayRecord = z.strictObject({
  ssh: SshAddress,
  hostKeys: z.array(HostKey).default([]),
  /** Started by "Try it on this computer": lives only as long as the program that started it. */
  isLocal: z.boolean().default(false),
  lastPush: LastPush.nullable().default(null),
  settings: GatewaySettings.prefault({}),
});
export type GatewayRecord = z.infer<typeof GatewayRecord>;

/** A gateway's name with its record. */
export const NamedGateway = z.object({ name: FleetName, record: GatewayRecord });
export type NamedGateway = z.infer<typeof NamedGateway>;

/** What one upload stored: facts for the screen, never the content. */
export const FileFacts = z.object({
  sha256: z.string(),
  purpose: z.enum(['certificate', 'privateKey', 'caCertificate', 'outgoingCa']),
  /** Of the first certificate, for a certificate file. */
  certificate: z
    .object({
      subject: z.string(),
      names: z.array(z.string()),
      issuer: z.string(),
      notBefore: z.string(),
      notAfter: z.string(),
      keyType: z.string(),
      fingerprint: z.string(),
      chainLength: z.int(),
    })
    .optional(),
  /** For a private key: its kind, and the SHA-256 of its public half (SPKI), to see whether a certificate matches. */
  key: z.object({ keyType: z.string(), spkiSha256: z.string(), isHere: z.boolean() }).optional(),
  /** SHA-256 of the certificate's SPKI. */
  spkiSha256: z.string().optional(),
});
export type FileFacts = z.infer<typeof FileFacts>;
