// What is typed before a host is enrolled or taken apart, and what it says.
import type { HostKey } from '#contract/fleet';
import { FleetName } from '#contract/settings';
import type { HostSignIn } from '#ipc';
import { emptySshForm, readSshForm, type SshForm } from '../../components/ssh-form.ts';

/** Who signs in to a host, once. */
export type HostForm = { ssh: SshForm; sudoPassword: string };

export type EnrolForm = HostForm & {
  name: string;
  group: string | null;
  /** Of the first configuration; '': as group and fleet have it. */
  smtpPort: number | string;
};

export type EnrolProblems = Partial<Record<keyof SshForm | 'name' | 'smtpPort', string>>;

/** Nothing typed yet; hosts are signed in to as root unless one says otherwise. */
export const emptyEnrolForm: EnrolForm = {
  ssh: { ...emptySshForm, user: 'root' },
  sudoPassword: '',
  name: '',
  group: null,
  smtpPort: '',
};

/** What is wrong with the sign-in, field by field. */
export function judgeHostForm({ ssh }: HostForm): Partial<Record<keyof SshForm, string>> {
  const read = readSshForm(ssh);
  const problems = 'problems' in read ? { ...read.problems } : {};
  if (ssh.kind === 'password' && ssh.secret === '') problems.secret = 'Type the password.';
  return problems;
}

/** What is wrong, field by field. */
export function judgeEnrolForm(form: EnrolForm, taken: readonly string[]): EnrolProblems {
  const problems: EnrolProblems = judgeHostForm(form);
  const name = FleetName.safeParse(form.name);
  if (form.name === '') problems.name = 'Type a name.';
  else if (taken.includes(form.name)) problems.name = `The fleet already has a gateway named ${form.name}.`;
  else if (!name.success) problems.name = name.error.issues[0]?.message ?? 'Not a name.';
  if (form.smtpPort !== '' && !isPort(form.smtpPort)) problems.smtpPort = 'A port is a whole number from 1 to 65535.';
  return problems;
}

/** Who signs in there, once. */
export function toHostSignIn(form: HostForm, hostKeys: HostKey[]): HostSignIn | null {
  const read = readSshForm(form.ssh);
  if (!('ssh' in read) || read.ssh.signIn.kind === 'stored-key') return null;
  const { host, port, user, signIn } = read.ssh;
  const { secret } = form.ssh;
  return {
    host,
    port,
    user,
    signIn,
    hostKeys,
    ...(secret === '' ? {} : { secret }),
    ...(form.sudoPassword === '' ? {} : { sudoPassword: form.sudoPassword }),
  };
}

/** null: as group and fleet have it. */
export function smtpPortOf(form: EnrolForm): number | null {
  return form.smtpPort === '' ? null : Number(form.smtpPort);
}

function isPort(value: number | string): boolean {
  const port = Number(value);
  return Number.isInteger(port) && port >= 1 && port <= 65_535;
}
