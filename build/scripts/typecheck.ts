// Runs the compiler on every room of the house: each has its own tsconfig, so that a room sees only its own world.
import { spawnSync } from 'node:child_process';
import { projectRoot, toolPath } from './project.ts';

const rooms = [
  'gateway-agent/contract',
  'gateway-agent/policy',
  'gateway-agent',
  'electron',
  'renderer',
  'build',
  'tests',
];

const broken = rooms.filter((room) => {
  const { status } = spawnSync(toolPath('tsc'), ['-p', room], { cwd: projectRoot, stdio: 'inherit' });
  return status !== 0;
});
if (broken.length > 0) {
  console.error(`Type errors in: ${broken.join(', ')}`);
  process.exitCode = 1;
}
