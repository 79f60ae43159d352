// Unit tests mirror the tree: a test whose source is gone tests nothing that ships.
import { existsSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';

const project = resolve(import.meta.dirname, '../..');
const endings = ['.ts', '.tsx', '.json', '.service', '.md', ''];

it('stands beside a source file of the same path', async () => {
  const tests = await Array.fromAsync(glob('*/**/*.test.{ts,tsx}', { cwd: import.meta.dirname }));
  const sources = tests
    .filter((test) => !/(^|\/)issue-\d+-/.test(test))
    .map((test) => test.replace(/\.test\.tsx?$/, ''));

  const orphans = sources.filter((source) => !endings.some((ending) => existsSync(resolve(project, source + ending))));

  expect(tests.length).toBeGreaterThan(0);
  expect(orphans).toEqual([]);
});
