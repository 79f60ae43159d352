// Runs the crash suite. `npm run test:crash -- --cycles 1000` kills that often, for nights; the rest goes to vitest.
import { inProject, toolPath } from './project.ts';
import { exitStatus } from './run.ts';

const args = process.argv.slice(2);
const at = args.indexOf('--cycles');
const [, cycles = '25'] = at < 0 ? [] : args.splice(at, 2);
if (!/^[1-9]\d{0,5}$/.test(cycles)) throw new Error(`--cycles takes a number from 1 to 999999, not "${cycles}".`);

const vitest = ['run', '--config', inProject('build/config/vitest.config.ts'), '--project', 'crash', ...args];
process.exitCode = await exitStatus(toolPath('vitest'), vitest, { env: { ...process.env, POSTERN_KILLS: cycles } });
