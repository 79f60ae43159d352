// The table of traps may name only tests that are there: a row whose test is gone holds nothing shut.
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';

const project = resolve(import.meta.dirname, '../../..');

it('names only tests that exist', () => {
  const text = readFileSync(resolve(project, 'docs/pitfalls.md'), 'utf8');
  const named = [...text.matchAll(/`([^`\s]+\.(?:test\.ts|spec\.ts|dialogue))`/g)].map(([, path = '']) => path);
  const there = new Set(
    readdirSync(resolve(project, 'tests'), { recursive: true }).map((path) => `tests/${String(path)}`),
  );

  const gone = named.filter((path) => !there.has(path) && !there.has(`tests/smtp/${path}`));

  expect(named.length).toBeGreaterThan(30);
  expect(gone).toEqual([]);
});
