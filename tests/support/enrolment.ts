// A desktop that enrols bare hosts: a real fleet folder, vault and engine, and an agent bundle of its own.
import { copyFile, mkdtemp } from 'node:fs/promises';
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

/** What a desk needs to sign in to a host. */
type Reached = Pick<BareHost, 'host' | 'port' | 'hostKey' | 'rootKeyFile'>;

export type EnrolmentDesk = {
  fleet: SshdFleet;
  services: EnrolmentServices;
  /** Enrols it as mx1, signing in as root unless told otherwise. */
  enrol(host: Reached, over?: Partial<EnrolOrder>, watch?: EnrolWatch): Promise<Outcome<EnrolReport>>;
  unenrol(host: Reached, losesMail?: boolean): Promise<Outcome<EnrolReport>>;
  close(): Promise<void>;
};

/** Makes one with an empty fleet; `agentBundle` lies in a kit of makeEnrolKit. */
export async function makeEnrolmentDesk(agentBundle: string): Promise<EnrolmentDesk> {
  const fleet = await makeSshdFleet();
  const { folder, vault, engine } = fleet;
  const services: EnrolmentServices = {
    folder,
    vault,
    engine,
    author: 'Ada Tester',
    audit: { record: () => Promise.resolve(done(null)) },
    findAgentBundle: () => done(agentBundle),
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
    close: () => fleet.close(),
  };
}

/** What `npm run build` puts beside the agent's bundle, in a folder of its own; gives the bundle's path. */
export async function makeEnrolKit(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-kit-'));
  await installAgent(folder);
  const resources = new URL('../../build/resources/', import.meta.url);
  for (const name of ['enrol-host.sh', 'postern-gateway-agent.service']) {
    await copyFile(new URL(name, resources), join(folder, name));
  }
  return join(folder, 'gateway-agent.cjs');
}

/** The sign-in of root by its key. */
export function asRoot(host: Reached): HostSignIn {
  const { port, hostKey, rootKeyFile } = host;
  return { host: host.host, port, user: 'root', hostKeys: [hostKey], signIn: { kind: 'key', file: rootKeyFile } };
}

/** The report's items as `id: state`. */
export function statesOf(outcome: Outcome<EnrolReport>): Record<string, EnrolItem['state']> {
  if (!outcome.ok) throw new Error(`${outcome.problem.code}: ${outcome.problem.message}`);
  return Object.fromEntries(outcome.value.items.map(({ id, state }) => [id, state]));
}
