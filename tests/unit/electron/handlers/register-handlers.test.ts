import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { calls } from '#ipc';
import { temporaryFolder, valueOf } from '../../../support/temporary-fleet.ts';
import { startHandlers } from '../../../support/test-services.ts';

describe('registerHandlers', () => {
  it('gives every call of the contract exactly one handler', async () => {
    const { channels } = await startHandlers();

    expect(channels().toSorted()).toEqual(Object.keys(calls).toSorted());
  });

  it('answers from the folder that is open now', async () => {
    const { call, choose, emitted } = await startHandlers();
    const other = join(await temporaryFolder(), 'other');
    const before = valueOf(await call('fleet:list', {}));

    choose(other);
    const chosen = valueOf(await call('app:choose-folder', {}));

    expect(before.map(({ name }) => name)).toEqual(['mx1']);
    expect(chosen).toEqual({ fleetFolder: other });
    expect(valueOf(await call('fleet:list', {}))).toEqual([]);
    expect(valueOf(await call('app:info', {}))).toMatchObject({ fleetFolder: other, vault: { state: 'keychain' } });
    expect(emitted).toContainEqual({ event: 'fleet:changed', data: { name: null } });
  });

  it('starts the local gateway and says what it does', async () => {
    const { call, services, emitted } = await startHandlers();
    services.local.start = (onProgress) => {
      onProgress('Starting the agent');
      return Promise.resolve({ ok: true, value: { name: 'this-computer' } });
    };

    expect(valueOf(await call('local:start', {}))).toEqual({ name: 'this-computer' });
    expect(emitted).toContainEqual({ event: 'local:progress', data: { words: 'Starting the agent' } });
  });
});
