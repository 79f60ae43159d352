import { describe, expect, it } from 'vitest';
import { defaultSettings, GatewaySettings } from '#contract/settings';
import { settingInWords, settingLabel } from '#contract/setting-words';
import { settingPaths } from '#contract/settings-layer';

describe('settingInWords', () => {
  it('has a label and words for every setting', () => {
    const silent = settingPaths.filter(
      (path) =>
        settingLabel(path) === path || settingLabel(path) === '' || settingInWords(defaultSettings, path) === '',
    );

    expect(silent).toEqual([]);
  });

  it('says what a review says, and of a private key only that there is one', () => {
    const key = 'a'.repeat(64);
    const settings = GatewaySettings.parse({
      connections: {
        interface: { port: 2525 },
        control: { sharedDenyLists: ['spam', 'scanners'] },
        tls: { privateKey: key, certificate: key },
      },
      messageRule: { relayDomains: ['a.test', 'b.test', 'c.test', 'd.test'] },
    });

    expect(settingInWords(settings, 'connections.interface.port')).toBe('2525');
    expect(settingInWords(settings, 'connections.interface.maxConnections')).toBe('No limit');
    expect(settingInWords(settings, 'connections.control.sharedDenyLists')).toBe('spam, scanners');
    expect(settingInWords(settings, 'connections.tls.privateKey')).toBe('A private key');
    expect(settingInWords(settings, 'connections.tls.certificate')).toBe('file aaaaaaaaaaaa');
    expect(settingInWords(settings, 'messageRule.relayDomains')).toBe('4 entries');
  });
});
