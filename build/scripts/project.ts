// Where things lie in this project, for the scripts beside this file.
import { join, resolve } from 'node:path';

/** Absolute path of the folder that holds package.json. */
export const projectRoot = resolve(import.meta.dirname, '../..');

/** Absolute path of something below the root. */
export function inProject(...parts: string[]): string {
  return join(projectRoot, ...parts);
}

/** Absolute path of a tool that npm installed. */
export function toolPath(name: string): string {
  return inProject('node_modules', '.bin', name);
}
