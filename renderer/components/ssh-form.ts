// How to reach and sign in to a gateway, as a form holds it: shared by adding a gateway and editing its connection.
import { SshAddress, type SignIn } from '#contract/fleet';

/** The fields as typed. `secret` is a password or a key's passphrase; it goes to the keychain, never to the folder. */
export type SshForm = {
  host: string;
  port: number | string;
  user: string;
  kind: SignIn['kind'];
  keyFile: string;
  secret: string;
  /** What the form does not show stays as it is. */
  credential: string | null;
  jumps: string[];
  readsSshConfig: boolean;
};

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
  const keyFile = ssh.signIn.kind === 'key' ? ssh.signIn.file : '';
  const { host, port, user, credential, jumps, readsSshConfig } = ssh;
  return { host, port, user, kind: ssh.signIn.kind, keyFile, secret: '', credential, jumps, readsSshConfig };
}

/** The address, or what is wrong with each field. */
export function readSshForm(form: SshForm): { ssh: SshAddress } | { problems: Partial<Record<keyof SshForm, string>> } {
  const signIn: SignIn = form.kind === 'key' ? { kind: 'key', file: form.keyFile.trim() } : { kind: form.kind };
  const { credential, jumps, readsSshConfig } = form;
  const reach = { credential, jumps, readsSshConfig };
  const raw = { host: form.host.trim(), port: Number(form.port), user: form.user.trim(), signIn, ...reach };
  const parsed = SshAddress.safeParse(raw);
  if (parsed.success) return { ssh: parsed.data };
  const problems: Partial<Record<keyof SshForm, string>> = {};
  for (const issue of parsed.error.issues) {
    const [field] = issue.path;
    if (field === 'host') problems.host = 'Type a host name or an IP address.';
    if (field === 'port') problems.port = 'A port is a whole number from 1 to 65535.';
    if (field === 'user') problems.user = 'Type the user that SSH signs in as.';
    if (field === 'signIn') problems.keyFile = 'Type the path of the private key file on this computer.';
  }
  return { problems };
}
