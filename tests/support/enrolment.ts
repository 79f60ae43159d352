// A desktop that enrols bare hosts: a real fleet folder, vault and engine, and an agent bundle of its own.
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EnrolmentServices, EnrolOrder, EnrolWatch } from '../../electron/enrol/enrol-host.ts';
import { enrolHost } from '../../electron/enrol/enrol-host.ts';
import { unenrolHost } from '../../electron/enrol/unenrol-host.ts';
import type { EnrolItem, EnrolReport, HostSignIn } from '../../gateway-agent/contract/enrolment.ts';
import { done, type Outcome } from '../../gateway-agent/contract/outcome.ts';
import { installAgent } from './agent-bundle.ts';
import type { BareHost } from './bare-host.ts';
import { makeSshdFleet, type SshdFleet } from './fleet-of-sshd.ts';

export type EnrolmentDesk = {
  fleet: SshdFleet;
  services: EnrolmentServices;
  /** Enrols it as mx1, signing in as root unless told otherwise. */
  enrol(host: BareHost, over?: Partial<EnrolOrder>, watch?: EnrolWatch): Promise<Outcome<EnrolReport>>;
  unenrol(host: BareHost, losesMail?: boolean): Promise<Outcome<EnrolReport>>;
  close(): Promise<void>;
};

/** Makes one with an empty fleet; `agentBundle` where the test needs what `npm run build` made. */
export async function makeEnrolmentDesk(agentBundle?: string): Promise<EnrolmentDesk> {
  const kit = await mkdtemp(join(tmpdir(), 'postern-kit-'));
  if (agentBundle === undefined) await makeKit(kit);
  const fleet = await makeSshdFleet();
  const bundle = agentBundle ?? join(kit, 'gateway-agent.cjs');
  const { folder, vault, engine } = fleet;
  const services: EnrolmentServices = {
    folder,
    vault,
    engine,
    author: 'Ada Tester',
    audit: { record: () => Promise.resolve(done(null)) },
    findAgentBundle: () => done(bundle),
  };
  return {
    fleet,
    services,
    enrol: (host, over = {}, watch = {}) =>
      enrolHost(
        services,
        { runId: randomUUID(), at: asRoot(host), name: 'mx1', group: null, smtpPort: null, ...over },
        watch,
      ),
    unenrol: (host, losesMail = false) =>
      unenrolHost(services, { at: asRoot(host), name: 'mx1', removesRecord: true, losesMail }),
    async close() {
      await fleet.close();
      await rm(kit, { recursive: true, force: true });
    },
  };
}

/** Beside the bundle lies what `npm run build` puts there, without the one-file agent. */
async function makeKit(folder: string): Promise<void> {
  await installAgent(folder);
  const resources = new URL('../../build/resources/', import.meta.url);
  for (const name of ['enrol-host.sh', 'postern-gateway-agent.service']) {
    await copyFile(new URL(name, resources), join(folder, name));
  }
}

/** The sign-in of root by its key. */
export function asRoot(host: BareHost): HostSignIn {
  const { port, hostKey, rootKeyFile } = host;
  return { host: host.host, port, user: 'root', hostKeys: [hostKey], signIn: { kind: 'key', file: rootKeyFile } };
}

/** The report's items as `id: state`. */
export function statesOf(outcome: Outcome<EnrolReport>): Record<string, EnrolItem['state']> {
  if (!outcome.ok) throw new Error(`${outcome.problem.code}: ${outcome.problem.message}`);
  return Object.fromEntries(outcome.value.items.map(({ id, state }) => [id, state]));
}
