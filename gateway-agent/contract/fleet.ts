// What the fleet folder says about a gateway besides its settings: how to reach it, which keys it shows, what it was
// last given. Read by the engine, the window and people with a text editor; it never crosses SSH.
import { z } from 'zod';
import { HostOrAddress } from './config.ts';
import { Revision } from './files.ts';
import { FleetName } from './settings.ts';
import { ownListPaths, overridesOf, SettingsLayer } from './settings-layer.ts';

/** How to sign in. Secrets lie in the keychain under the gateway's name, never here. */
export const SignIn = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('agent') }), // ssh-agent, by SSH_AUTH_SOCK (or Pageant)
  z.strictObject({ kind: z.literal('key'), file: z.string().min(1) }), // private key file on this computer
  z.strictObject({ kind: z.literal('password') }),
  /** Made by enrolment for this gateway alone; the private key itself is the secret in the keychain. */
  z.strictObject({ kind: z.literal('stored-key') }),
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
  /** `credentials/<name>.yaml`: user and way to sign in come from there, for many gateways at once. */
  credential: FleetName.nullable().default(null),
  /** `jump-hosts/<name>.yaml`: the way there, the nearest first. */
  jumps: z.array(FleetName).max(8).default([]),
  /** `host` is an alias of `~/.ssh/config` (and its user, port, identity, jumps and known hosts count). */
  readsSshConfig: z.boolean().default(false),
});
export type SshAddress = z.infer<typeof SshAddress>;

/** `credentials/<name>.yaml`: one way to sign in for many. Its secret lies in the keychain under `credential:<name>`. */
export const Credential = z.strictObject({ user: SshAddress.shape.user, signIn: SignIn.default({ kind: 'agent' }) });
export type Credential = z.infer<typeof Credential>;

/** `jump-hosts/<name>.yaml`: an SSH server on the way, verified by its own name and keys. */
export const JumpHost = z.strictObject({
  host: HostOrAddress,
  port: SshAddress.shape.port,
  user: SshAddress.shape.user,
  signIn: SignIn.default({ kind: 'agent' }),
  credential: FleetName.nullable().default(null),
  hostKeys: z.array(HostKey).default([]),
});
export type JumpHost = z.infer<typeof JumpHost>;

/** What the gateway was last given and confirmed: the base of the next push. */
export const LastPush = z.strictObject({ revision: Revision, at: z.string(), by: z.string(), pushId: z.string() });
export type LastPush = z.infer<typeof LastPush>;

/** `gateways/<name>.yaml`. */
export const GatewayRecord = z.strictObject({
  ssh: SshAddress,
  hostKeys: z.array(HostKey).default([]),
  /** Started by "Try it on this computer": lives only as long as the program that started it. */
  isLocal: z.boolean().default(false),
  /** `groups/<name>.yaml`: what it and its parents set counts where the gateway sets nothing. */
  group: FleetName.nullable().default(null),
  tags: z.array(FleetName).max(50).default([]),
  lastPush: LastPush.nullable().default(null),
  /** Only what is set for this gateway; the rest is inherited. */
  settings: SettingsLayer.default({}),
});
export type GatewayRecord = z.infer<typeof GatewayRecord>;

/** What many gateways share. Their own entries are no part of it: `sharedDenyLists` and `sharedPermitLists` are. */
const SharedLayer = SettingsLayer.default({}).refine(
  (layer) => !overridesOf(layer).some((path) => ownListPaths.includes(path)),
  'Only a gateway has a list of its own: use sharedDenyLists and sharedPermitLists here.',
);

/** `groups/<name>.yaml`. */
export const GroupRecord = z.strictObject({
  /** The group whose settings count where this one sets nothing. */
  parent: FleetName.nullable().default(null),
  settings: SharedLayer,
});
export type GroupRecord = z.infer<typeof GroupRecord>;

/** `fleet.yaml`: what counts for every gateway unless a group or the gateway says otherwise. */
export const FleetDefaults = z.strictObject({ settings: SharedLayer });
export type FleetDefaults = z.infer<typeof FleetDefaults>;

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
