// Proves that the house's walls stand: each deliberate breach must fail the check, with the reason in its message.
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const project = resolve(import.meta.dirname, '../..');
const runFile = promisify(execFile);
let house: string;

beforeAll(async () => {
  house = await mkdtemp(join(tmpdir(), 'postern-house-'));
  await cp(join(project, '.oxlintrc.json'), join(house, '.oxlintrc.json'));
  await symlink(join(project, 'node_modules'), join(house, 'node_modules'));
});

afterAll(() => rm(house, { recursive: true, force: true }));

async function lint(file: string, code: string): Promise<string> {
  const path = join(house, file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, code);
  const oxlint = join(project, 'node_modules/.bin/oxlint');
  const args = ['-c', '.oxlintrc.json', '--deny-warnings', file];
  const result = await runFile(oxlint, args, { cwd: house }).catch((error: { stdout: string }) => error);
  await rm(path);
  return result.stdout;
}

const breaches: [file: string, specifier: string, reason: string][] = [
  ['gateway-agent/smtp/breach.ts', '../../electron/fleet/engine.ts', 'shipped alone'],
  ['gateway-agent/smtp/breach.ts', '../delivery/relay.ts', 'never meet'],
  ['gateway-agent/delivery/breach.ts', '../smtp/listener.ts', 'never meet'],
  ['gateway-agent/queue/breach.ts', '../store/current.ts', 'never meet'],
  ['gateway-agent/store/breach.ts', '../commands/apply.ts', 'never meet'],
  ['gateway-agent/commands/breach.ts', '../smtp/listener.ts', 'over its socket'],
  ['gateway-agent/policy/breach.ts', 'node:fs', 'Policy is pure'],
  ['gateway-agent/policy/breach.ts', 'smtp-server', 'Policy is pure'],
  ['gateway-agent/contract/breach.ts', 'node:crypto', 'zod and its own files only'],
  ['gateway-agent/contract/breach.ts', '../store/current.ts', 'zod and its own files only'],
  ['gateway-agent/certificates/breach.ts', 'node:fs', 'node:crypto only'],
  ['electron/fleet/breach.ts', 'electron', 'plain Node'],
  ['electron/fleet/breach.ts', '../handlers/push.ts', 'knows neither'],
  ['electron/store/breach.ts', '../fleet/engine.ts', 'nothing above them'],
  ['electron/enrol/breach.ts', 'electron', 'plain Node'],
  ['electron/enrol/breach.ts', '../fleet/engine.ts', 'passed in'],
  ['electron/handlers/breach.ts', 'ssh2', 'owns SSH'],
  ['electron/cli.ts', 'electron', 'plain Node'],
  ['electron/ssh/breach.ts', '../../gateway-agent/contract/config.ts', 'Shared code has a name|nothing above them'],
  ['electron/ipc/contract.ts', 'electron', 'zod, #contract'],
  ['electron/ipc/contract.ts', './handle.ts', 'zod, #contract'],
  ['electron/ipc/history-calls.ts', 'node:fs', 'zod, #contract'],
  ['renderer/features/fleet/breach.tsx', '../connections/connections-screen.tsx', 'another feature'],
  ['renderer/features/fleet/breach.tsx', 'node:fs', 'no Node'],
  ['renderer/app/breach.tsx', '../../electron/ipc/handle.ts', 'Shared code has a name'],
  ['renderer/components/breach.tsx', 'electron', 'plain Node'],
];

describe('import rules', () => {
  it.each(breaches)('refuse %s importing %s', async (file, specifier, reason) => {
    const output = await lint(file, `import { thing } from '${specifier}';\nthing();\n`);

    expect(output).toContain('no-restricted-imports');
    expect(output).toMatch(new RegExp(reason));
  });

  it('accept what the house allows', async () => {
    const output = await lint(
      'gateway-agent/policy/allowed.ts',
      "import { parseAddress } from '#contract/addresses';\nexport const address = parseAddress('192.0.2.1');\n",
    );

    expect(output).not.toContain('no-restricted-imports');
  });
});

describe('size and safety rules', () => {
  it('refuse a file over 300 lines', async () => {
    const output = await lint(
      'electron/fleet/long.ts',
      'export const line = 1;\n'.replace('line', 'a').padEnd(400, '\n'),
    );

    expect(output).toContain('max-lines');
  });

  it('refuse any, default exports and switched-off checks', async () => {
    const output = await lint(
      'electron/fleet/loose.ts',
      '// @ts-ignore\nconst anything: any = 1;\nexport default anything;\n',
    );

    expect(output).toContain('no-explicit-any');
    expect(output).toContain('no-default-export');
    expect(output).toContain('ban-ts-comment');
  });
});
