// Credentials and jump hosts in words.
import type { HostKey, SignIn } from '#contract/fleet';
import type { Output } from '#ipc';

export type CredentialRow = Output<'credentials:list'>[number];
export type JumpHostRow = Output<'jump-hosts:list'>[number];

/** What signs in. */
export function signInWords(signIn: SignIn): string {
  switch (signIn.kind) {
    case 'agent':
      return 'ssh-agent';
    case 'key':
      return `key ${signIn.file}`;
    case 'password':
      return 'password';
    case 'stored-key':
      return 'management key';
  }
}

/** Whether there is a secret; it is never shown. */
export function secretWords({ kind }: SignIn, hasSecret: boolean): string {
  const stored = hasSecret ? 'stored' : 'not stored';
  switch (kind) {
    case 'agent':
      return 'none needed';
    case 'key':
      return hasSecret ? 'passphrase stored' : 'no passphrase';
    case 'password':
      return `password ${stored}`;
    case 'stored-key':
      return `key ${stored}`;
  }
}

/** Nobody is let through a jump host whose key was not compared. */
export function hostKeyWords(hostKeys: readonly HostKey[]): string {
  return hostKeys.length === 0 ? 'Not trusted yet' : hostKeys.map(({ fingerprint }) => fingerprint).join(', ');
}
