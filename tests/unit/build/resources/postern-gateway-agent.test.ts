import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const unit = fileURLToPath(new URL('../../../../build/resources/postern-gateway-agent.service', import.meta.url));

describe('postern-gateway-agent.service', () => {
  it('exposes 2.5 or less by systemd’s own count', () => {
    const report = execFileSync('systemd-analyze', ['security', '--offline=true', '--no-pager', unit], {
      encoding: 'utf8',
    });
    const exposure = /Overall exposure level for .*: ([\d.]+)/.exec(report)?.[1];

    expect(Number(exposure)).toBeLessThanOrEqual(2.5);
  });

  it('may write its queue, events and socket, and no release', () => {
    const text = readFileSync(unit, 'utf8');

    expect(text).toContain('ProtectSystem=strict');
    expect(text.match(/^ReadWritePaths=.*$/gm)).toEqual([
      'ReadWritePaths=/var/lib/postern/queue /var/lib/postern/events /var/lib/postern/run',
    ]);
  });
});
