import { describe, expect, it } from 'vitest';
import { formatTable } from '../../../../electron/cli/table.ts';

describe('formatTable', () => {
  it('aligns columns, continues cells below, and leaves no blanks at the end', () => {
    const table = formatTable(
      ['gateway', 'end'],
      [
        ['mx1', 'applied'],
        ['mail-exchange-2', 'refused\nport 25 is held'],
      ],
    );

    expect(table).toBe(
      [
        'GATEWAY          END',
        'mx1              applied',
        'mail-exchange-2  refused',
        '                 port 25 is held',
        '',
      ].join('\n'),
    );
  });
});
