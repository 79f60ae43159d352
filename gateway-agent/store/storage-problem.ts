// File system errors as Problems: only errors with an errno code are expected, everything else is a bug and goes on.
import { failed, type Outcome } from '#contract/outcome';
import { errnoOf } from './read-plain-file.ts';

const reasons: Record<string, [message: string, hint: string]> = {
  ENOSPC: ['The disk of the gateway is full.', 'Free space under the agent’s folder, then push again.'],
  EDQUOT: ['The disk quota of the agent’s user is used up.', 'Raise the quota or free space, then push again.'],
  EROFS: ['The agent’s folder is on a read-only file system.', 'Mount it writable, then push again.'],
  EACCES: [
    'The agent’s user may not read or write its own folder.',
    'Give the folder the owner and mode of docs/agent.md.',
  ],
  EPERM: ['The agent’s user may not change its own folder.', 'Give the folder the owner and mode of docs/agent.md.'],
  ENOENT: ['The agent’s folder is missing.', 'Create it as docs/agent.md says.'],
};

/** Runs a change of the store; what the file system refuses becomes `storage-failed`, other errors stay thrown. */
export async function changeStore<T>(change: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await change() };
  } catch (error) {
    const problem = storageProblem(error);
    if (problem === null) throw error;
    return problem;
  }
}

/** What a file system error means for the operator, or null for an error of another kind. Names no path. */
export function storageProblem(error: unknown): Outcome<never> | null {
  const code = errnoOf(error);
  if (code === null || !/^E[A-Z]+$/.test(code)) return null;
  const [message, hint] = reasons[code] ?? [
    `The agent’s folder cannot be used (${code}).`,
    'Compare it with docs/agent.md.',
  ];
  return failed('storage-failed', message, hint);
}
