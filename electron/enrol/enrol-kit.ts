// What enrolment brings along: the script, the unit, the agent as a bundle and as one file. They lie beside the agent's
// bundle; the one file is made on demand, because it takes time and 127 MB.
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { sha256Of } from '#certificates/hash';
import { done, failed, type Outcome } from '#contract/outcome';
import { gzipSync } from 'node:zlib';

/** Beside the executable: which bundle it was made of, and the SHA-256 of the file before gzip. */
const ExecutableFacts = z.object({ bundleSha256: z.string(), sha256: z.string(), bytes: z.int() });

/** An agent as it is sent: gzipped, with the SHA-256 of what comes out. */
export type AgentPayload = { kind: 'bundle' | 'executable'; sha256: string; gzipped: Buffer };

export type EnrolKit = {
  script: string;
  unit: string;
  bundleSha256: string;
  /** null: not made, or made of another bundle. */
  executableSha256: string | null;
  load(kind: AgentPayload['kind']): Promise<AgentPayload>;
};

const executableName = 'gateway-agent-linux-x64';

/** Reads the small files; the agent itself is read when it is sent. */
export async function openEnrolKit(agentBundle: string): Promise<Outcome<EnrolKit>> {
  const folder = dirname(agentBundle);
  try {
    const [script, unit, bundle] = await Promise.all([
      readFile(join(folder, 'enrol-host.sh'), 'utf8'),
      readFile(join(folder, 'postern-gateway-agent.service'), 'utf8'),
      readFile(agentBundle),
    ]);
    const bundleSha256 = sha256Of(bundle);
    const executableSha256 = await findExecutable(folder, bundleSha256);
    return done({
      script,
      unit,
      bundleSha256,
      executableSha256,
      async load(kind) {
        if (kind === 'bundle') return { kind, sha256: bundleSha256, gzipped: gzipSync(bundle) };
        if (executableSha256 === null) throw new Error('the executable was asked for and is not there');
        const gzipped = await readFile(join(folder, `${executableName}.gz`));
        return { kind, sha256: executableSha256, gzipped };
      },
    });
  } catch {
    return failed(
      'not-found',
      'What enrolment brings to a host is not complete: the agent, its script or its unit is missing.',
      'Run: npm run build',
    );
  }
}

async function findExecutable(folder: string, bundleSha256: string): Promise<string | null> {
  try {
    const facts = ExecutableFacts.parse(JSON.parse(await readFile(join(folder, `${executableName}.json`), 'utf8')));
    return facts.bundleSha256 === bundleSha256 ? facts.sha256 : null;
  } catch {
    return null; // not made
  }
}
