// `credentials/<name>.yaml`: one way to sign in for many gateways. Its secret lies in the vault, never here.
import { Credential } from '#contract/fleet';
import { createNamedFiles } from './named-yaml.ts';

/** Reads, lists and changes them. */
export const credentialFiles = createNamedFiles({
  sub: 'credentials',
  word: 'credential',
  schema: Credential,
  defaults: { signIn: { kind: 'agent' } },
});
