import { beforeEach, describe, expect, it } from 'vitest';
import { auditFolder, auditVault } from '../../../../electron/fleet/audit-folder.ts';
import type { Recorder } from '../../../../electron/fleet/audited.ts';
import type { AuditFact } from '../../../../electron/store/audit-log.ts';
import { startHandlers } from '../../../support/test-services.ts';
import { sampleRecord, valueOf } from '../../../support/temporary-fleet.ts';

let facts: AuditFact[];
let recorder: Recorder;
beforeEach(() => {
  facts = [];
  recorder = { record: async (some) => void facts.push(...some) };
});

const told = () => facts.map(({ action, target, outcome }) => [action, target, outcome]);

describe('auditFolder', () => {
  it('records who was added, changed, removed and brought back', async () => {
    const { services } = await startHandlers();
    const folder = auditFolder(services.folder, recorder);

    valueOf(await folder.add('mx2', sampleRecord()));
    await folder.add('mx2', sampleRecord());
    const { undo } = valueOf(await folder.remove('mx2'));
    valueOf(await folder.restore('mx2', undo));
    valueOf(await folder.load('mx2'));

    expect(told()).toEqual([
      ['add', 'mx2', 'done'],
      ['add', 'mx2', 'exists'],
      ['remove', 'mx2', 'done'],
      ['restore', 'mx2', 'done'],
    ]);
    expect(facts[0]?.words).toBe('Add mx2: postern-deploy@mx1.example.test port 22, host key not pinned');
  });

  it('records that a group got another name', async () => {
    const { services } = await startHandlers();
    const folder = auditFolder(services.folder, recorder);
    valueOf(await folder.addGroup('edge', null));

    valueOf(await folder.renameGroup('edge', 'border'));
    await folder.renameGroup('edge', 'dmz');

    expect(told().slice(1)).toEqual([
      ['group', 'group edge', 'done'],
      ['group', 'group edge', 'not-found'],
    ]);
    expect(facts[1]?.words).toBe('Rename the group to border');
  });

  it('tells a new host key and another way to sign in from any other change', async () => {
    const { services } = await startHandlers();
    const folder = auditFolder(services.folder, recorder);
    const hostKey = { type: 'ssh-ed25519', key: 'QUJD', fingerprint: `SHA256:${'A'.repeat(43)}` };

    await folder.update('mx1', { words: 'Pin', change: (record) => ({ ...record, hostKeys: [hostKey] }) });
    await folder.update('mx1', {
      words: 'User',
      change: (record) => ({ ...record, ssh: { ...record.ssh, user: 'root' } }),
    });
    await folder.update('mx1', { words: 'Tag', change: (record) => ({ ...record, tags: ['edge'] }) });

    expect(facts.map(({ action, words }) => [action, words])).toEqual([
      ['host-key', 'Pin'],
      ['sign-in', 'User'],
      ['change', 'Tag'],
    ]);
  });
});

describe('auditVault', () => {
  it('records that a secret was stored, and never the secret', async () => {
    const { services } = await startHandlers();
    const vault = auditVault(services.vault, recorder);

    valueOf(await vault.storeSecret('mx1', 'password', 'hunter2'));
    valueOf(await vault.loadSecret('mx1', 'password'));
    valueOf(await vault.removeSecret('mx1'));

    expect(told()).toEqual([
      ['sign-in', 'mx1', 'done'],
      ['sign-in', 'mx1', 'done'],
    ]);
    expect(JSON.stringify(facts)).not.toContain('hunter2');
  });
});
