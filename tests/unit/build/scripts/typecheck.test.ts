// The compiler's walls: contract and policy see no Node and no DOM, the window sees no Node.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const project = resolve(import.meta.dirname, '../../../..');
const runFile = promisify(execFile);
let house: string;

beforeAll(async () => {
  house = await mkdtemp(join(tmpdir(), 'postern-types-'));
  await symlink(join(project, 'node_modules'), join(house, 'node_modules'));
  await writeFile(join(house, 'tsconfig.json'), await readFile(join(project, 'tsconfig.json')));
});

afterAll(() => rm(house, { recursive: true, force: true }));

async function compile(room: string, code: string): Promise<string> {
  const folder = join(house, room);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'tsconfig.json'), await readFile(join(project, room, 'tsconfig.json')));
  await writeFile(join(folder, 'breach.ts'), code);
  const tsc = join(project, 'node_modules/.bin/tsc');
  const result = await runFile(tsc, ['-p', folder]).catch((error: { stdout: string }) => error);
  return result.stdout;
}

describe('compiler settings', () => {
  it.each([
    ['gateway-agent/contract', 'process.exit(1);', 'process'],
    ['gateway-agent/contract', 'document.title = "";', 'document'],
    ['gateway-agent/policy', 'setTimeout(() => {}, 1);', 'setTimeout'],
    ['renderer', 'process.exit(1);', 'process'],
    ['electron', 'document.title = "";', 'document'],
  ])('refuse in %s: %s', async (room, code, name) => {
    const output = await compile(room, `${code}\n`);

    expect(output).toContain(`'${name}'`);
  });

  it('accept the same in a room that may', async () => {
    expect(await compile('electron', 'process.exitCode = 1;\n')).toBe('');
  });
});
