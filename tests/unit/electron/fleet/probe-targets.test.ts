import { describe, expect, it } from 'vitest';
import { chooseProbeTargets } from '../../../../electron/fleet/probe-targets.ts';

const all = [
  { address: '0.0.0.0', port: 25 },
  { address: '::', port: 25 },
];

describe('chooseProbeTargets', () => {
  it('looks where SSH reached it when it listens everywhere', () => {
    expect(chooseProbeTargets(all, '192.0.2.1')).toEqual({ targets: [{ address: '192.0.2.1', port: 25 }] });
    expect(chooseProbeTargets(all, '::ffff:192.0.2.1')).toEqual({ targets: [{ address: '192.0.2.1', port: 25 }] });
    expect(chooseProbeTargets(all, '2001:db8::1')).toEqual({ targets: [{ address: '2001:db8::1', port: 25 }] });
  });

  it('cannot reach the loopback address of another computer, and can reach its own', () => {
    const loopback = [{ address: '127.0.0.1', port: 25 }];

    expect(chooseProbeTargets(loopback, '192.0.2.1')).toHaveProperty('reason');
    expect(chooseProbeTargets(loopback, '127.0.0.1')).toEqual({ targets: loopback });
  });

  it('prefers the address that SSH reached among the selected ones', () => {
    const selected = [
      { address: '198.51.100.1', port: 25 },
      { address: '192.0.2.1', port: 25 },
    ];

    expect(chooseProbeTargets(selected, '192.0.2.1')).toEqual({ targets: selected.toReversed() });
  });

  it('says so when only the other family is listened on', () => {
    expect(chooseProbeTargets([{ address: '::', port: 25 }], '192.0.2.1')).toHaveProperty('reason');
  });
});
