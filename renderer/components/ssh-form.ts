// How to reach and sign in to a gateway, as a form holds it: shared by adding a gateway and editing its connection.
import { SshAddress, type SignIn } from '#contract/fleet';

/** The fields as typed. `secret` is a password or a key's passphrase; it goes to the keychain, never to the folder. */
export type SshForm = SignInForm & {
  host: string;
  port: number | string;
  /** Shared with others: then user and way to sign in come from there. null: its own. */
  credential: string | null;
  /** Jump hosts by name, the nearest first. */
  jumps: string[];
  readsSshConfig: boolean;
};

/** Who signs in, and with what. */
export type SignInForm = { user: string; kind: SignIn['kind']; keyFile: string; secret: string };

/** What is wrong, field by field. */
export type SshProblems = Partial<Record<keyof SshForm, string>>;

/** A form with the schema's defaults. */
export const emptySshForm: SshForm = {
  host: '',
  port: 22,
  user: 'postern-deploy',
  kind: 'agent',
  keyFile: '',
  secret: '',
  credential: null,
  jumps: [],
  readsSshConfig: false,
};

/** The form of an address that is already known; secrets never come back. */
export function toSshForm(ssh: SshAddress): SshForm {
  const { host, port, credential, jumps, readsSshConfig } = ssh;
  return { host, port, ...toSignInForm(ssh), credential, jumps, readsSshConfig };
}

/** The same for the sign-in alone. */
export function toSignInForm({ user, signIn }: { user: string; signIn: SignIn }): SignInForm {
  return { user, kind: signIn.kind, keyFile: signIn.kind === 'key' ? signIn.file : '', secret: '' };
}

/** Not checked yet. */
export function rawSignIn({ user, kind, keyFile }: SignInForm): { user: string; signIn: SignIn } {
  return { user: user.trim(), signIn: kind === 'key' ? { kind, file: keyFile.trim() } : { kind } };
}

const OwnSignIn = SshAddress.pick({ user: true, signIn: true });

/** The address, or what is wrong with each field. */
export function readSshForm(form: SshForm): { ssh: SshAddress } | { problems: SshProblems } {
  const { credential, jumps, readsSshConfig } = form;
  const typed = rawSignIn(form);
  // With a credential the own sign-in waits for its return, and what is wrong with it must not be in the way.
  const own = credential === null || OwnSignIn.safeParse(typed).success ? typed : {};
  const reach = { credential, jumps, readsSshConfig };
  const parsed = SshAddress.safeParse({ host: form.host.trim(), port: Number(form.port), ...own, ...reach });
  return parsed.success ? { ssh: parsed.data } : { problems: sshProblems(parsed.error.issues) };
}

/** From what a schema found to words beside the fields. */
export function sshProblems(issues: readonly { path: PropertyKey[] }[]): SshProblems {
  const problems: SshProblems = {};
  for (const issue of issues) {
    const [field] = issue.path;
    if (field === 'host') problems.host = 'Type a host name or an IP address.';
    if (field === 'port') problems.port = 'A port is a whole number from 1 to 65535.';
    if (field === 'user') problems.user = 'Type the user that SSH signs in as.';
    if (field === 'signIn') problems.keyFile = 'Type the path of the private key file on this computer.';
    if (field === 'jumps') problems.jumps = 'A way has 8 jump hosts at most.';
  }
  return problems;
}
