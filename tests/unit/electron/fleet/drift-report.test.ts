import { describe, expect, it } from 'vitest';
import { compareThreeWays } from '../../../../electron/fleet/drift-report.ts';
import { snapshotOf } from '../../../../electron/fleet/release-snapshot.ts';
import { GatewayConfig } from '../../../../gateway-agent/contract/config.ts';

const on = (port: number, maxConnections: number | null = null) =>
  snapshotOf(
    GatewayConfig.parse({ schemaVersion: 1, connections: { interface: { port, maxConnections } } }),
    new Map(),
  );

describe('compareThreeWays', () => {
  it('tells their changes since the base, and no conflict where we changed another field', () => {
    const compared = compareThreeWays({ gateway: 'mx1', base: on(25), ours: on(25, 9), theirs: on(26) });

    expect(compared.difference.map(({ field }) => field)).toEqual(['connections.interface.port']);
    expect(compared.conflicts).toEqual([]);
  });

  it('names a field that both changed differently with all three values', () => {
    const { conflicts } = compareThreeWays({ gateway: 'mx1', base: on(25), ours: on(2525), theirs: on(26) });

    expect(conflicts).toMatchObject([{ id: 'connections.interface.port', base: '25', ours: '2525', theirs: '26' }]);
  });

  it('sees no conflict where both made the same of it', () => {
    expect(compareThreeWays({ gateway: 'mx1', base: on(25), ours: on(26), theirs: on(26) }).conflicts).toEqual([]);
  });

  it('compares with what is saved here where no base is known', () => {
    const compared = compareThreeWays({ gateway: 'mx1', base: null, ours: on(25), theirs: on(26) });

    expect(compared.difference).toMatchObject([{ before: '25', after: '26' }]);
  });
});
