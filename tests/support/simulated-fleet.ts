// A fleet folder of many simulated gateways, and the process that plays them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { z } from 'zod';
import { HostKey } from '../../gateway-agent/contract/fleet.ts';
import { createFreshKeyPair } from '../../electron/ssh/fresh-key-pair.ts';

const script = fileURLToPath(new URL('simulated-gateways.ts', import.meta.url));

export type SimulatedFleet = {
  path: string;
  names: string[];
  /** Gives every gateway something new, by a number in fleet.yaml. */
  change(maxConnections: number): Promise<void>;
  stop(): Promise<void>;
};

/** Writes the folder below `base` and starts the gateways. */
export async function startSimulatedFleet(base: string, count: number): Promise<SimulatedFleet> {
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const { port, hostKey } = z.object({ port: z.int(), hostKey: HostKey }).parse(JSON.parse(line));
  const path = join(base, 'fleet');
  await mkdir(join(path, 'gateways'), { recursive: true });
  const key = join(base, 'client_key');
  await writeFile(key, createFreshKeyPair('test').privateKey, { mode: 0o600 });
  const names = Array.from({ length: count }, (_, index) => `gw-${String(index + 1).padStart(4, '0')}`);
  for (const name of names) {
    const ssh = { host: '127.0.0.1', port, user: name, signIn: { kind: 'key', file: key } };
    await writeFile(join(path, `gateways/${name}.yaml`), stringify({ ssh, hostKeys: [hostKey] }));
  }
  return {
    path,
    names,
    change: (maxConnections) =>
      writeFile(join(path, 'fleet.yaml'), stringify({ settings: { connections: { interface: { maxConnections } } } })),
    async stop() {
      const ended = once(child, 'exit');
      child.stdin.end();
      await ended;
    },
  };
}
