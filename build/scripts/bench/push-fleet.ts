// The fleet folder of the benchmark: all gateways inherit from fleet.yaml, so that one number there gives all of them
// something new; and the request that the other methods send, made of the same settings.
import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { protocolVersion } from '#contract/protocol';
import { bundleRelease, releasesOf } from '../../../electron/fleet/ready-release.ts';
import { openFleetFolder, type FleetFolder } from '../../../electron/store/fleet-folder.ts';
import { emptyVault, valueOf } from './empty-vault.ts';
import { confirmedBy, type PushEndpoints } from './push-endpoints.ts';

export type PushFleet = {
  path: string;
  folder: FleetFolder;
  /** Every gateway has something to get from now on. */
  change(): Promise<void>;
  /** One request for all: they have the same settings and have confirmed the same. */
  writeRequest(file: string): Promise<void>;
};

/** Writes the folder by hand, as a person could. */
export async function makeFleet(folder: string, endpoints: PushEndpoints): Promise<PushFleet> {
  const path = join(folder, 'fleet');
  await mkdir(join(path, 'gateways'), { recursive: true });
  await mkdir(join(path, 'lists'), { recursive: true });
  await writeFile(join(path, 'lists/bad.txt'), entries('192.0.2.', 200));
  await writeFile(join(path, 'lists/good.txt'), entries('198.51.100.', 200));
  for (const { name, port } of endpoints.all) {
    const signIn = { kind: 'key', file: endpoints.managementKey };
    const ssh = { host: '127.0.0.1', port, user: endpoints.user, signIn };
    await writeFile(join(path, `gateways/${name}.yaml`), stringify({ ssh, hostKeys: [endpoints.hostKey] }));
  }
  const opened = valueOf(await openFleetFolder(path, { name: 'bench', email: 'bench@example.test' }));
  let maxConnections = 100;
  const change = async () => {
    maxConnections += 1;
    await writeFile(
      join(path, 'fleet.yaml'),
      stringify({ settings: settingsWith(maxConnections, endpoints.smtpPort) }),
    );
  };
  await change();
  return {
    path,
    folder: opened,
    change,
    async writeRequest(file) {
      const [first] = endpoints.all;
      if (first === undefined) throw new Error('no endpoints');
      const release = valueOf(await releasesOf(opened, emptyVault).build(first.name));
      const request = {
        verb: 'apply',
        protocol: protocolVersion,
        pushId: randomUUID(),
        baseRevision: await confirmedBy(first),
        confirmWithinSeconds: 60,
        release: await bundleRelease(release, new Set()),
      };
      await writeFile(file, `${JSON.stringify(request)}\n`);
    },
  };
}

function entries(prefix: string, count: number): string {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}\n`).join('');
}

function settingsWith(maxConnections: number, port: number): object {
  return {
    connections: {
      interface: { listenOn: { kind: 'loopback' }, port, maxConnections },
      control: { sharedDenyLists: ['bad'], sharedPermitLists: ['good'] },
    },
  };
}
