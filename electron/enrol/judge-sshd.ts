// Whether the host's SSH server will let postern-deploy in by the key that enrolment writes: judged from `sshd -T`.

/** null: it will. Otherwise what stands in the way, and the setting that says so. */
export function judgeSshd(lines: readonly string[]): string | null {
  const values = (name: string) =>
    lines.filter((line) => line.startsWith(`${name} `)).flatMap((line) => line.slice(name.length + 1).split(/\s+/));
  if (values('pubkeyauthentication').includes('no')) return 'The SSH server takes no keys (PubkeyAuthentication no).';
  const files = values('authorizedkeysfile');
  if (files.length > 0 && !files.some((file) => ownKeyFiles.includes(file))) {
    return `The SSH server does not read ~/.ssh/authorized_keys (AuthorizedKeysFile ${files.join(' ')}).`;
  }
  if (values('forcecommand').some((value) => value !== 'none')) return 'The SSH server forces a command on everybody.';
  for (const name of ['allowusers', 'allowgroups', 'denyusers', 'denygroups'] as const) {
    const patterns = values(name);
    const isUsers = name.endsWith('users');
    const isNamed = patterns.some((pattern) => fits(pattern, isUsers));
    if (name.startsWith('allow') ? patterns.length > 0 && !isNamed : isNamed) {
      return `The SSH server does not let postern-deploy sign in (${settingNames[name]} ${patterns.join(' ')}).`;
    }
  }
  return null;
}

const ownKeyFiles = ['.ssh/authorized_keys', '%h/.ssh/authorized_keys', '/var/lib/%u/.ssh/authorized_keys'];

const settingNames = {
  allowusers: 'AllowUsers',
  allowgroups: 'AllowGroups',
  denyusers: 'DenyUsers',
  denygroups: 'DenyGroups',
} as const;

/** sshd's patterns: `*` and `?`, and `user@host`, of which only the user counts here. */
function fits(pattern: string, isUsers: boolean): boolean {
  const names = isUsers ? ['postern-deploy'] : ['postern-deploy', 'postern'];
  const [name = ''] = pattern.split('@');
  const expression = name
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return names.some((candidate) => new RegExp(`^${expression}$`).test(candidate));
}
