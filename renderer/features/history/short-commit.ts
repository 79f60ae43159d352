// How a commit is shown: as many digits as `git log --oneline` shows.

/** '3fa9c1d'. */
export function shortCommit(commit: string): string {
  return commit.slice(0, 7);
}
