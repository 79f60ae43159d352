import { fc } from '../../../support/properties.ts';
import { describe, expect, it } from 'vitest';
import { GatewayRecord } from '#contract/fleet';
import { FleetName } from '#contract/settings';
import { formatRecord, parseRecord } from '../../../../electron/store/record-text.ts';

function read(text: string): GatewayRecord {
  const parsed = parseRecord(text);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.value;
}

function reasonOf(text: string): string {
  const parsed = parseRecord(text);
  return parsed.ok ? 'taken' : parsed.reason;
}

describe('parseRecord', () => {
  it('names the line of what is wrong', () => {
    expect(reasonOf('ssh:\n  host: a.test\n  port: 99999\n')).toMatch(/^Line 3: ssh\.port: /);
    expect(reasonOf('ssh:\n  host: a.test\nssh:\n  host: b.test\n')).toMatch(/^Line 3: .*unique/);
    expect(reasonOf('ssh:\n  user: ada\n')).toMatch(/^Line 1: ssh\.host: /);
    expect(reasonOf('- a\n- b\n')).toMatch(/^Line 1: /);
    expect(reasonOf('<<<<<<< HEAD\nssh:\n=======\n')).toMatch(/^Line \d+: /);
  });

  it('refuses a file that grows without end when its aliases are resolved', () => {
    const rows = ['a: &a [x,x,x,x,x,x,x,x,x,x]'];
    for (let index = 1; index < 9; index++) {
      const [name, before] = ['abcdefghi'[index], 'abcdefghi'[index - 1]];
      rows.push(`${name}: &${name} [${Array.from({ length: 10 }, () => `*${before}`).join(',')}]`);
    }

    expect(reasonOf(rows.join('\n'))).toMatch(/alias/i);
  });
});

describe('formatRecord', () => {
  it('reads back as the same record, into a new file and into one that a person wrote', () => {
    const host = fc.domain();
    const record = fc
      .record({
        host,
        file: fc.string({ minLength: 1, unit: 'binary' }),
        port: fc.integer({ min: 1, max: 65535 }),
        domains: fc.uniqueArray(host, { maxLength: 4 }),
        requires: fc.boolean(),
        pushId: fc.string(),
      })
      .map(({ file, port, domains, requires, pushId, ...rest }) =>
        GatewayRecord.parse({
          ssh: { ...rest, port, signIn: { kind: 'key', file } },
          lastPush: { revision: 'a'.repeat(64), at: 'now', by: file, pushId },
          settings: {
            connections: { interface: { port }, tls: { requiresStartTls: requires } },
            messageRule: { relayDomains: domains },
          },
        }),
      );

    fc.assert(
      fc.property(record, record, (first, second) => {
        const text = formatRecord(first, null);
        const changed = formatRecord(second, text);
        expect(read(text)).toEqual(first);
        expect(read(changed)).toEqual(second);
      }),
      { numRuns: 200 },
    );
  });

  it('removes a setting that is not set any more and keeps a default that a person wrote', () => {
    const written = 'ssh:\n  host: a.test\n  port: 22 # as always\nsettings:\n  messageRule:\n    maxRecipients: 7\n';

    const text = formatRecord({ ...read(written), settings: {} }, written);

    expect(text).toBe('ssh:\n  host: a.test\n  port: 22 # as always\n');
  });

  it('writes a setting that is set although it equals its default', () => {
    const record = GatewayRecord.parse({ ssh: { host: 'a.test' }, settings: { messageRule: { maxRecipients: 1000 } } });

    const text = formatRecord(record, null);

    expect(text).toBe('ssh:\n  host: a.test\nsettings:\n  messageRule:\n    maxRecipients: 1000\n');
    expect(read(text)).toEqual(record);
  });

  it('leaves a value letter for letter that somebody wrote shorter than Postern would', () => {
    const written = 'ssh: { host: a.test } # one line\nsettings:\n  messageDelivery:\n    nextHop: { host: b.test }\n';
    const record = read(written);

    const text = formatRecord({ ...record, tags: ['edge'] }, written);

    expect(text).toBe(`${written}tags:\n  - edge\n`);
  });
});

describe('FleetName', () => {
  it('takes no name that Windows keeps for itself', () => {
    const taken = ['mx1', 'console', 'com10x', 'mx.con'].filter((name) => FleetName.safeParse(name).success);
    const refused = ['con', 'nul.example', 'com1', 'a..b', 'A', '.x', 'a/b'].filter(
      (name) => FleetName.safeParse(name).success,
    );

    expect(taken).toEqual(['mx1', 'console', 'com10x', 'mx.con']);
    expect(refused).toEqual([]);
  });
});
