// File system errors as Problems: only errors with an errno code are expected, everything else is a bug and goes on.
import { failed, type Outcome } from '#contract/outcome';
import { errnoOf } from './read-plain-file.ts';

const reasons: Record<string, [message: string, hint: string]> = {
  ENOSPC: ['The disk of the gateway is full.', 'Free space under the agent’s folder, then push again.'],
  EDQUOT: ['The disk quota of the agent’s user is used up.', 'Raise the quota or free space, then push again.'],
  EROFS: ['The agent’s folder is on a read-only file system.', 'Mount it writable, then push again.'],
  EACCES: ['The agent’s user may not write its own folder.', 'Give the folder the owner and mode of docs/agent.md.'],
  EPERM: ['The agent’s user may not change its own folder.', 'Give the folder the owner and mode of docs/agent.md.'],
  ENOENT: ['The agent’s folder is missing.', 'Create it as docs/agent.md says.'],
};

/** Runs a change of the store; what the file system refuses becomes `storage-failed`, other errors stay thrown. */
export async function changeStore<T>(change: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await change() };
  } catch (error) {
    const code = errnoOf(error);
    if (code === null) throw error;
    const [message, hint] = reasons[code] ?? [
      `The gateway could not write its store (${code}).`,
      'See its system log.',
    ];
    return failed('storage-failed', message, hint);
  }
}
