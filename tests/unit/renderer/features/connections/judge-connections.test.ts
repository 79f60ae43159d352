// What keeps a draft of the Connections screen from being saved.
import { describe, expect, it } from 'vitest';
import type { FileFacts } from '#contract/fleet';
import { defaultSettings } from '#contract/settings';
import type { Draft } from '#ipc';
import {
  judgeConnections,
  judgeOffer,
  keyMatch,
} from '../../../../../renderer/features/connections/judge-connections.ts';

type Connections = Draft['settings']['connections'];

const [certificate, key, otherKey] = ['c'.repeat(64), 'b'.repeat(64), 'e'.repeat(64)];
const keyFacts = (sha256: string, spkiSha256: string): FileFacts => ({
  sha256,
  purpose: 'privateKey',
  key: { keyType: 'EC P-256', spkiSha256, isHere: true },
});
const files: Record<string, FileFacts> = {
  [certificate]: { sha256: certificate, purpose: 'certificate', spkiSha256: 'one' },
  [key]: keyFacts(key, 'one'),
  [otherKey]: keyFacts(otherKey, 'two'),
};

function draftWith(part: { interface?: Partial<Connections['interface']>; tls?: Partial<Connections['tls']> }): Draft {
  const { connections } = defaultSettings;
  return {
    overrides: [],
    denyText: '',
    permitText: '',
    settings: {
      ...defaultSettings,
      connections: {
        ...connections,
        interface: { ...connections.interface, ...part.interface },
        tls: { ...connections.tls, ...part.tls },
      },
    },
  };
}

describe('judgeConnections', () => {
  it('has nothing against the defaults', () => {
    expect(judgeConnections(draftWith({}), {})).toEqual({});
  });

  it.each([
    ['port', 0],
    ['port', 65536],
    ['port', 2.5],
    ['idleTimeoutMinutes', 0],
    ['idleTimeoutMinutes', 1441],
    ['maxConnections', 0],
    ['maxConnections', 65536],
  ])('refuses %s = %d beside its field', (field, value) => {
    const problems = judgeConnections(draftWith({ interface: { [field]: value } }), {});

    expect(Object.keys(problems)).toEqual([`connections.interface.${field}`]);
    expect(problems[`connections.interface.${field}`]).toMatch(/^Use a whole number from 1 to /);
  });

  it.each([
    ['port', 1],
    ['port', 65535],
    ['idleTimeoutMinutes', 1440],
    ['maxConnections', null],
    ['maxConnections', 65535],
  ])('takes %s = %s', (field, value) => {
    expect(judgeConnections(draftWith({ interface: { [field]: value } }), {})).toEqual({});
  });

  it('refuses the port of implicit TLS', () => {
    expect(judgeConnections(draftWith({ interface: { port: 465 } }), {})).toHaveProperty([
      'connections.interface.port',
    ]);
  });

  it('asks for an address when selected addresses are chosen, and names one that is none', () => {
    const judge = (addresses: string[]) =>
      judgeConnections(draftWith({ interface: { listenOn: { kind: 'selected', addresses } } }), {})[
        'connections.interface.listenOn'
      ];

    expect(judge([])).toBe('Select at least one address.');
    expect(judge(['192.0.2.1', 'mx1'])).toBe('mx1 is not an IP address.');
    expect(judge(['192.0.2.1', '2001:db8::1'])).toBeUndefined();
  });

  it('lets TLS be offered only with a key and its certificate', () => {
    const judge = (tls: Partial<Connections['tls']>) => judgeConnections(draftWith({ tls }), files);

    expect(judge({ offersStartTls: true })).toHaveProperty(['connections.tls.offersStartTls']);
    expect(judge({ offersStartTls: true, certificate })).toHaveProperty(['connections.tls.offersStartTls']);
    expect(judge({ offersStartTls: true, certificate, privateKey: otherKey })).toHaveProperty([
      'connections.tls.offersStartTls',
    ]);
    expect(judge({ offersStartTls: true, certificate, privateKey: key })).toEqual({});
  });

  it('names a mismatch even while TLS is off', () => {
    expect(judgeConnections(draftWith({ tls: { certificate, privateKey: otherKey } }), files)).toHaveProperty([
      'connections.tls.privateKey',
    ]);
  });

  it('does not let TLS be required where it is not offered', () => {
    expect(judgeConnections(draftWith({ tls: { requiresStartTls: true } }), {})).toHaveProperty([
      'connections.tls.requiresStartTls',
    ]);
  });
});

describe('judgeOffer', () => {
  it('says which file is missing', () => {
    const { tls } = defaultSettings.connections;

    expect(judgeOffer(tls, {})).toContain('private key and an SMTP server certificate');
    expect(judgeOffer({ ...tls, certificate }, files)).toContain('private key');
    expect(judgeOffer({ ...tls, privateKey: key }, files)).toContain('SMTP server certificate');
  });
});

describe('keyMatch', () => {
  it('stays unknown without facts', () => {
    expect(keyMatch({ ...defaultSettings.connections.tls, certificate, privateKey: key }, {})).toBe('unknown');
  });
});
