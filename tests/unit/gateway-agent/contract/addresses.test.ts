// The parser against an oracle, the sample list as it stands, every refusal with its reason, and the round trip.
import { fc } from '../../../support/properties.ts';
import IPCIDR from 'ip-cidr';
import { describe, expect, it } from 'vitest';
import {
  compareBlocks,
  covers,
  describeSize,
  formatAddress,
  formatBlock,
  formatList,
  parseAddress,
  parseBlock,
  parseList,
  parseListLine,
  parsePeerAddress,
  type Address,
  type Block,
  type ListEntry,
} from '#contract/addresses';
import { anyAddress, anyBlock, crowdedBlock } from '../../../support/address-arbitraries.ts';

const sample = `192.168.1.1
192.168.2.0:255.255.255.0
192.168.3.1:255.255.255.128
192.168.4.100
192.168.5.32:255.255.255.192
2001:db8:10ff::ae:44f2
2001:db8::/32
`;

function address(text: string): Address {
  const read = parseAddress(text);
  if ('reason' in read) throw new Error(read.reason);
  return read;
}

function block(text: string): Block {
  const read = parseBlock(text);
  if ('reason' in read) throw new Error(read.reason);
  return read.block;
}

function reasonFor(line: string): string {
  const read = parseListLine(line);
  return read.kind === 'refused' ? read.reason : `taken: ${line}`;
}

describe('parsePeerAddress', () => {
  it('drops the zone that the system adds to a link-local peer', () => {
    expect(parsePeerAddress('fe80::1%eth0')).toEqual(address('fe80::1'));
  });
});

describe('parseBlock', () => {
  it('holds the same addresses as the oracle says', () => {
    fc.assert(
      fc.property(crowdedBlock, anyAddress, crowdedBlock, (one, far, near) => {
        const oracle = new IPCIDR(`${formatAddress(one.address)}/${one.prefix}`);
        for (const candidate of [far, near.address]) {
          const isIn = covers(one, { address: candidate, prefix: candidate.version === 4 ? 32 : 128 });
          const isSameVersion = candidate.version === one.address.version;
          // ip-cidr compares numbers without asking for the version.
          expect(isIn).toBe(isSameVersion && oracle.contains(formatAddress(candidate)));
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('clears host bits as the oracle does, with a notice', () => {
    fc.assert(
      fc.property(anyAddress, fc.nat(128), (one, rawPrefix) => {
        const prefix = one.version === 4 ? rawPrefix % 33 : rawPrefix;
        const text = `${formatAddress(one)}/${prefix}`;
        const read = parseBlock(text);
        const start = new IPCIDR(text).start<string>();

        if ('reason' in read) throw new Error(read.reason);
        expect(read.block).toEqual({ address: address(start), prefix });
        expect(read.notice === null).toBe(formatAddress(one) === formatAddress(address(start)));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['192.0.2.0/24', '192.0.2.0/24'],
    ['192.0.2.0:255.255.255.0', '192.0.2.0/24'],
    ['192.0.2.0/255.255.255.0', '192.0.2.0/24'],
    ['192.0.2.7/32', '192.0.2.7'],
    ['192.0.2.7:255.255.255.255', '192.0.2.7'],
    ['0.0.0.0:0.0.0.0', '0.0.0.0/0'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['::/0', '::/0'],
    ['2001:DB8::/32', '2001:db8::/32'],
    ['::ffff:0:0/96', '0.0.0.0/0'],
    ['::ffff:192.0.2.0/120', '192.0.2.0/24'],
    ['::ffff:c000:200/120', '192.0.2.0/24'],
    ['0:0:0:0:0:ffff:192.0.2.1/128', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1/64', '::/64'],
  ])('reads %s as %s', (text, expected) => {
    expect(formatBlock(block(text))).toBe(expected);
  });

  it('tells that an IPv6 spelling became an IPv4 block', () => {
    expect(parseBlock('::ffff:192.0.2.0/120')).toHaveProperty('notice', expect.stringContaining('192.0.2.0/24'));
  });
});

describe('parseListLine', () => {
  it.each([
    ['192.0.2.0:255.0.255.0', 'gaps'],
    ['192.0.2.0:0.0.0.255', 'gaps'],
    ['192.0.2.0:255.255.255', 'four numbers'],
    ['192.0.2.0:255.255.255.256', 'over 255'],
    ['192.0.2.0:24', "written '/24'"],
    ['192.0.2.0:', 'without a mask'],
    ['192.0.2.01', 'leading zero'],
    ['010.0.0.1', 'leading zero'],
    ['192.0.2.0/024', 'leading zero'],
    ['::ffff:192.0.2.01', 'leading zero'],
    ['192.0.2.256', 'over 255'],
    ['::ffff:192.0.2.300', 'over 255'],
    ['fe80::1%eth0', 'zone id'],
    ['mail.example.net', 'names are not taken'],
    ['localhost', 'names are not taken'],
    ['192.0.2.0/33', '32 bits'],
    ['2001:db8::/129', '128 bits'],
    ['192.0.2.0/', 'without a number'],
    ['192.0.2.0/-1', 'not a prefix length'],
    ['192.0.2.0/8/8', 'not a prefix length'],
    ['2001:db8::/ffff::', 'not a prefix length'],
    ['192.0.2.1 spam', "starts with '#'"],
    ['192.0.2.0 255.255.255.0', "starts with '#'"],
    ['192.0.2.1, 192.0.2.2', "starts with '#'"],
    ['192.0.2.1-192.0.2.9', 'not an IP address'],
    ['[2001:db8::1]', 'without brackets'],
    ['192.0.2', 'four numbers'],
    ['192.0.2.1.', 'four numbers'],
    ['3221225985', 'four numbers'],
    ['0xc0.0.2.1', 'names are not taken'],
    ['2001:db8::1::', "'::' twice"],
    ['2001:db8:::1', 'not an IPv6 address'],
    ['2001:db8::g', 'not an IPv6 address'],
    ['١٢٣.0.0.1', 'not an IP address'],
  ])('refuses %s and says why: %s', (line, reason) => {
    expect(reasonFor(line)).toContain(reason);
  });

  it.each(['', '   ', '# a comment', '  # 192.0.2.1', '\t'])('skips %j', (line) => {
    expect(parseListLine(line)).toEqual({ kind: 'blank' });
  });

  it.each([
    ['192.0.2.1 # spam', 'spam'],
    ['192.0.2.1# spam', 'spam'],
    ['192.0.2.1 # a # b', 'a # b'],
    ['192.0.2.1 #', null],
    ['\t192.0.2.1 ', null],
  ])('reads the note of %j as %j', (line, note) => {
    expect(parseListLine(line)).toMatchObject({ kind: 'entry', entry: { note } });
  });

  it('cuts what it quotes, so that a message stays readable', () => {
    expect(reasonFor('x'.repeat(5000)).length).toBeLessThan(150);
  });
});

describe('parseList', () => {
  it('imports the sample list as it stands', () => {
    const list = parseList(sample);

    expect(list.entries.map((entry) => formatBlock(entry.block))).toEqual([
      '192.168.1.1',
      '192.168.2.0/24',
      '192.168.3.0/25',
      '192.168.4.100',
      '192.168.5.0/26',
      '2001:db8:10ff::ae:44f2',
      '2001:db8::/32',
    ]);
    expect(list.notices).toEqual([
      { line: 3, text: '192.168.3.1:255.255.255.128', became: '192.168.3.0/25' },
      { line: 5, text: '192.168.5.32:255.255.255.192', became: '192.168.5.0/26' },
    ]);
    expect(list.refused).toEqual([]);
  });

  it.each([
    ['CRLF', sample.replaceAll('\n', '\r\n')],
    ['CR', sample.replaceAll('\n', '\r')],
    ['a byte order mark', `\ufeff${sample}`],
    ['surrounding blanks', sample.replaceAll('\n', ' \t\n  ')],
    ['no last line end', sample.trimEnd()],
    ['comments and blank lines', `# head\n\n${sample}\n# tail`],
  ])('reads the sample the same with %s', (_, text) => {
    expect(parseList(text).entries).toEqual(parseList(sample).entries);
  });

  it('names line and text of everything it refuses', () => {
    expect(parseList('192.0.2.1\n\nhost.example\r\n 192.0.2.0/33 \n').refused).toEqual([
      { line: 3, text: 'host.example', reason: expect.stringContaining('names are not taken') },
      { line: 4, text: '192.0.2.0/33', reason: expect.stringContaining('32 bits') },
    ]);
  });

  it('reads 100,000 lines in less than a second', () => {
    const lines = Array.from(
      { length: 100_000 },
      (_, index) => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255} # ${index}`,
    );
    const text = lines.join('\n');
    const start = process.cpuUsage(); // other suites run beside this one: count our own time

    const list = parseList(text);

    expect(process.cpuUsage(start).user / 1000).toBeLessThan(1000);
    expect(list.entries).toHaveLength(100_000);
    expect(list.refused).toEqual([]);
  });
});

describe('formatList', () => {
  it('writes IPv4 groups in the classic form, IPv6 groups with prefix, and notes', () => {
    const entries: ListEntry[] = [
      { block: block('192.0.2.0/24'), note: 'lab' },
      { block: block('192.0.2.1'), note: null },
      { block: block('2001:db8::/32'), note: null },
      { block: block('0.0.0.0/0'), note: null },
    ];

    expect(formatList(entries)).toBe('192.0.2.0:255.255.255.0 # lab\n192.0.2.1\n2001:db8::/32\n0.0.0.0:0.0.0.0\n');
  });

  it('gives the same list when it is imported again', () => {
    const note = fc.option(
      fc
        .string()
        .map((text) => text.replace(/[\r\n]/g, '').trim())
        .filter((text) => text !== ''),
    );
    fc.assert(
      fc.property(fc.array(fc.record({ block: anyBlock, note })), (entries) => {
        const list = parseList(formatList(entries));

        expect(list).toEqual({ entries, notices: [], refused: [] });
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps a note of several lines on its own line', () => {
    const text = formatList([{ block: block('192.0.2.1'), note: 'one\r\n10.0.0.0/8\n' }]);

    expect(parseList(text).entries).toEqual([{ block: block('192.0.2.1'), note: 'one 10.0.0.0/8' }]);
  });
});

describe('describeSize', () => {
  it.each([
    ['192.0.2.1', '1'],
    ['192.0.2.0/24', '256'],
    ['0.0.0.0/0', '4,294,967,296'],
    ['2001:db8::/96', '4,294,967,296'],
    ['2001:db8::/32', '2^96'],
    ['::/0', '2^128'],
  ])('counts %s as %s', (text, size) => {
    expect(describeSize(block(text))).toBe(size);
  });
});

describe('compareBlocks', () => {
  it('puts IPv4 before IPv6, numbers in order, wider before narrower', () => {
    const texts = [
      '0.0.0.0/0',
      '9.0.0.0/8',
      '10.0.0.0/8',
      '10.0.0.0/24',
      '10.0.0.0',
      '255.255.255.255',
      '::/0',
      '::1',
      '2001:db8::',
    ];
    const shuffled = texts.toReversed().map(block);

    expect(shuffled.toSorted(compareBlocks).map(formatBlock)).toEqual(texts);
  });
});

describe('covers', () => {
  it('never mixes the versions', () => {
    expect(covers(block('0.0.0.0/0'), block('::1'))).toBe(false);
    expect(covers(block('::/0'), block('192.0.2.1'))).toBe(false);
  });
});
