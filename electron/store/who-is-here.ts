// The user of this computer as the author of what is saved and pushed.
import { hostname, userInfo } from 'node:os';
import type { Person } from './folder-history.ts';

/** git's own variables where CI sets them, else the user; a container may run as a number without a name. */
export function whoIsHere(): Person {
  const user = userName();
  return {
    name: process.env['GIT_AUTHOR_NAME'] ?? user,
    email: process.env['GIT_AUTHOR_EMAIL'] ?? `${user}@${hostname()}`,
  };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return process.getuid === undefined ? 'unknown' : `uid-${process.getuid()}`; // no line in the password file
  }
}
