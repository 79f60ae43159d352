// Where the agent's bundle and a Node that can run it lie: in a checkout, beside the built files, or where told.
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { done, failed, type Outcome } from '#contract/outcome';

/** The agent's target; it is also what reusePort needs. */
const nodeMajor = 24;
const parentsSearched = 6;

/** `here`: a file of the running program. Looks for dist/gateway-agent/gateway-agent.cjs beside it and above it. */
export function findAgentBundle(here: string): Outcome<string> {
  const found = searchUp(here, (folder) => [
    join(folder, 'gateway-agent', 'gateway-agent.cjs'),
    join(folder, 'dist', 'gateway-agent', 'gateway-agent.cjs'),
  ]);
  if (found !== null) return done(found);
  return failed(
    'not-found',
    'The agent is not built: dist/gateway-agent/gateway-agent.cjs is missing.',
    'Run: npm run build',
  );
}

/** This program's own Node where it is new enough, else the one that came with the npm package `node`. */
export function findNodeBinary(here: string): Outcome<string> {
  const isElectron = process.versions['electron'] !== undefined;
  if (!isElectron && Number(process.versions.node.split('.')[0]) >= nodeMajor) return done(process.execPath);
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const found = searchUp(here, (folder) => [join(folder, 'node_modules', 'node', 'bin', name)]);
  if (found !== null) return done(found);
  return failed('not-found', `The agent needs Node ${nodeMajor}, and there is none here.`, 'Run: npm ci');
}

function searchUp(here: string, candidates: (folder: string) => string[]): string | null {
  let folder = dirname(realpathSync(here));
  for (let step = 0; step < parentsSearched; step += 1) {
    const found = candidates(folder).find((path) => existsSync(path));
    if (found !== undefined) return found;
    folder = dirname(folder);
  }
  return null;
}
