// A list compiled for look-up: what it finds, what it could not read.
import { describe, expect, it } from 'vitest';
import { parseAddress } from '#contract/addresses';
import { compileList } from '../../../../gateway-agent/policy/compile-list.ts';

function find(text: string, address: string) {
  const parsed = parseAddress(address);
  if ('reason' in parsed) throw new Error(parsed.reason);
  return compileList(text).find(parsed);
}

describe('compileList', () => {
  it('finds entry and note behind comments, blank lines, CRLF and a byte order mark', () => {
    const text = '\ufeff# head\r\n\r\n 10.0.0.0/8 # ours \r\n192.0.2.1\r\n';

    expect(find(text, '10.1.2.3')).toEqual({ entry: '10.0.0.0/8', note: 'ours' });
    expect(find(text, '192.0.2.1')).toEqual({ entry: '192.0.2.1', note: null });
    expect(find(text, '192.0.2.2')).toBeNull();
  });

  it('shows an entry as it was normalised', () => {
    expect(find('192.168.3.1:255.255.255.128', '192.168.3.9')).toEqual({ entry: '192.168.3.0/25', note: null });
  });

  it('counts entries and reports lines that are none', () => {
    const compiled = compileList('192.0.2.1\nhost.example\n192.0.2.2\n');

    expect(compiled.size).toBe(2);
    expect(compiled.refused).toEqual([{ line: 2, text: 'host.example', reason: expect.any(String) as string }]);
  });
});
