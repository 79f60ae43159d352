// docs/agent.md as a reader would follow it: its own requests, piped into the agent, start a listener.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { revisionOf } from '../../gateway-agent/certificates/hash.ts';
import { Request } from '../../gateway-agent/contract/requests.ts';
import { readBanner } from '../support/read-banner.ts';
import { readLines, runWithInput } from '../support/ssh-client.ts';
import { startSshdGateway, type SshdGateway } from '../support/sshd-gateway.ts';

const document = await readFile(fileURLToPath(new URL('../../docs/agent.md', import.meta.url)), 'utf8');

/** A fenced block of the document, by the word behind `json`. */
function example(name: string): string {
  const block = new RegExp(`^\`\`\`json ${name}\n([^]*?)^\`\`\`$`, 'm').exec(document)?.[1];
  if (block === undefined) throw new Error(`docs/agent.md has no example “${name}”.`);
  return block;
}

let gateway: SshdGateway;

beforeAll(async () => {
  gateway = await startSshdGateway();
});
afterAll(() => gateway.stop());

/** As the document says it, with the root folder of the test. */
async function rpc(request: string) {
  const as = ['runuser', '-u', 'postern-deploy', '--', gateway.agentCommand, 'rpc'];
  const prefix = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const ran = await runWithInput([...prefix, ...as, '--root', gateway.root, '--as', 'anna'], request);
  return { status: ran.status, lines: readLines(ran) };
}

describe('docs/agent.md', () => {
  it('names the revision that its own configuration has', () => {
    const apply = z.object({ release: z.object({ config: z.unknown() }) }).parse(JSON.parse(example('apply')));
    const request = Request.parse(JSON.parse(example('apply')));
    const confirm = Request.parse(JSON.parse(example('confirm')));

    expect(apply.release.config).toBeDefined();
    expect(request.verb === 'apply' && revisionOf(request.release.config)).toBe(
      confirm.verb === 'confirm' && confirm.revision,
    );
  });

  it('starts a listener with its apply request and keeps it with its confirm request', async () => {
    const applied = await rpc(example('apply').replace('2525', String(gateway.smtpPort)));

    expect(applied.lines.at(-1)).toMatchObject({
      ok: true,
      value: { outcome: 'pending', proof: { result: 'proved' } },
    });
    expect(applied.status).toBe(0);
    expect(await readBanner('127.0.0.1', gateway.smtpPort)).toMatch(/^220 /);

    const { revision } = z.object({ value: z.object({ revision: z.string() }) }).parse(applied.lines.at(-1)).value;
    const confirmed = await rpc(example('confirm').replace(/"revision": "\w+"/, `"revision": "${revision}"`));

    expect(confirmed.lines.at(-1)).toEqual({ ok: true, value: { currentRevision: revision } });
  });

  it('lists every request that the agent takes', () => {
    for (const option of Request.def.options) expect(document).toContain(`"verb":"${option.shape.verb.value}"`);
  });
});
