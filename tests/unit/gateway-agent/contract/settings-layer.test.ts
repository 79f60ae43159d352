import { fc } from '../../../support/properties.ts';
import { describe, expect, it } from 'vitest';
import { FleetDefaults, GatewayRecord, GroupRecord } from '#contract/fleet';
import type { Origin } from '#contract/scope';
import { defaultSettings, GatewaySettings } from '#contract/settings';
import {
  changedPaths,
  layerOf,
  overridesOf,
  resolveSettings,
  SettingPath,
  settingPaths,
  SettingsLayer,
  valueAt,
  withFieldsOf,
} from '#contract/settings-layer';

const fleet: Origin = { kind: 'fleet' };
const edge: Origin = { kind: 'group', name: 'edge' };
const mx1: Origin = { kind: 'gateway', name: 'mx1' };

/** Settings with some fields changed at random: a few of every kind of value. */
const someSettings = fc
  .record({
    greetingName: fc.option(fc.constantFrom('a.test', 'b.test')),
    port: fc.constantFrom(25, 2525, 587),
    maxConnections: fc.option(fc.constantFrom(1, 1000)),
    listenOn: fc.constantFrom(
      { kind: 'all' as const },
      { kind: 'loopback' as const },
      { kind: 'selected' as const, addresses: ['192.0.2.1'] },
    ),
    relayDomains: fc.subarray(['a.test', 'b.test', '*.c.test']),
    sharedDenyLists: fc.subarray(['spam', 'partners']),
    nextHop: fc.option(fc.constantFrom({ host: 'store.test', port: 25 }, { host: 'store.test', port: 2525 })),
  })
  .map((value) =>
    GatewaySettings.parse({
      smtp: { greetingName: value.greetingName },
      connections: {
        interface: { port: value.port, maxConnections: value.maxConnections, listenOn: value.listenOn },
        control: { sharedDenyLists: value.sharedDenyLists },
      },
      messageRule: { relayDomains: value.relayDomains },
      messageDelivery: { nextHop: value.nextHop },
    }),
  );

const somePaths = fc.subarray([...settingPaths]);

describe('settingPaths', () => {
  it('names every field of the settings once, and nothing else', () => {
    const leaves = settingPaths.filter((path) => valueAt(defaultSettings, path) !== undefined);

    expect(leaves).toHaveLength(settingPaths.length);
    expect(new Set(settingPaths).size).toBe(settingPaths.length);
    expect(layerOf(defaultSettings, settingPaths)).toEqual(defaultSettings);
    expect(SettingPath.safeParse('connections.interface.port').success).toBe(true);
    expect(SettingPath.safeParse('connections.interface').success).toBe(false);
  });
});

describe('SettingsLayer', () => {
  it('keeps apart what is set to its default and what is not set', () => {
    expect(SettingsLayer.parse({})).toEqual({});
    expect(SettingsLayer.parse({ connections: { interface: { port: 25 } } })).toEqual({
      connections: { interface: { port: 25 } },
    });
    expect(SettingsLayer.parse({ smtp: { greetingName: null } })).toEqual({ smtp: { greetingName: null } });
  });

  it('refuses what the settings refuse', () => {
    expect(SettingsLayer.safeParse({ connections: { interface: { prot: 25 } } }).success).toBe(false);
    expect(SettingsLayer.safeParse({ connections: { interface: { port: 0 } } }).success).toBe(false);
    expect(SettingsLayer.safeParse({ fleet: {} }).success).toBe(false);
  });

  it('reads a gateway file of the time when every field had a value', () => {
    const record = GatewayRecord.parse({
      ssh: { host: 'a.test' },
      settings: { connections: { interface: { port: 587 } } },
    });

    expect(overridesOf(record.settings)).toEqual(['connections.interface.port']);
  });

  it('of a group or the fleet holds no list of own entries', () => {
    const settings = { connections: { control: { denyList: 'spam' } } };

    expect(GroupRecord.safeParse({ settings }).success).toBe(false);
    expect(FleetDefaults.safeParse({ settings }).success).toBe(false);
    expect(GroupRecord.parse({})).toEqual({ parent: null, settings: {} });
    expect(FleetDefaults.parse({})).toEqual({ settings: {} });
  });
});

describe('resolveSettings', () => {
  it('lets the nearest scope decide each field and names it', () => {
    const layers = [
      { origin: mx1, layer: { connections: { interface: { port: 2525 } } } },
      { origin: edge, layer: { connections: { interface: { port: 587, maxConnections: 10 } } } },
      { origin: fleet, layer: { connections: { interface: { maxConnections: 99, idleTimeoutMinutes: 7 } } } },
    ];

    const { settings, origins } = resolveSettings(layers);

    expect(settings.connections.interface).toMatchObject({ port: 2525, maxConnections: 10, idleTimeoutMinutes: 7 });
    expect(origins['connections.interface.port']).toEqual(mx1);
    expect(origins['connections.interface.maxConnections']).toEqual(edge);
    expect(origins['connections.interface.idleTimeoutMinutes']).toEqual(fleet);
    expect(origins['connections.interface.listenOn']).toEqual({ kind: 'default' });
  });

  it('takes a null and an empty list for values, not for nothing', () => {
    const { settings, origins } = resolveSettings([
      { origin: mx1, layer: { messageDelivery: { nextHop: null }, messageRule: { relayDomains: [] } } },
      {
        origin: fleet,
        layer: {
          messageDelivery: { nextHop: { host: 'a.test', port: 25 } },
          messageRule: { relayDomains: ['a.test'] },
        },
      },
    ]);

    expect(settings.messageDelivery.nextHop).toBeNull();
    expect(settings.messageRule.relayDomains).toEqual([]);
    expect(origins['messageRule.relayDomains']).toEqual(mx1);
  });

  it('without layers gives the settings nobody has touched', () => {
    expect(resolveSettings([]).settings).toEqual(defaultSettings);
  });

  it('gives back settings that hold, whatever each scope sets', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(someSettings, somePaths), { maxLength: 4 }), (scopes) => {
        const layers = scopes.map(([settings, paths]) => ({ origin: fleet, layer: layerOf(settings, paths) }));

        const { settings } = resolveSettings(layers);

        expect(GatewaySettings.parse(settings)).toEqual(settings);
        for (const path of settingPaths) {
          const setter = layers.find(({ layer }) => valueAt(layer, path) !== undefined)?.layer ?? defaultSettings;
          expect(valueAt(settings, path)).toEqual(valueAt(setter, path));
        }
      }),
    );
  });
});

describe('layerOf', () => {
  it('is what overridesOf reads back', () => {
    fc.assert(
      fc.property(someSettings, somePaths, (settings, paths) => {
        const layer = layerOf(settings, paths);

        expect(SettingsLayer.parse(layer)).toEqual(layer);
        expect(overridesOf(layer)).toEqual(settingPaths.filter((path) => paths.includes(path)));
      }),
    );
  });
});

describe('changedPaths', () => {
  it('names exactly the fields that must be taken over to get from one to the other', () => {
    fc.assert(
      fc.property(someSettings, someSettings, (a, b) => {
        const changed = changedPaths(a, b);

        expect(withFieldsOf(a, b, changed)).toEqual(b);
        for (const path of changed) expect(valueAt(a, path)).not.toEqual(valueAt(b, path));
      }),
    );
  });
});
