// The list of keys, opened with `?`.
import { Kbd, Table } from '@mantine/core';
import { modals } from '@mantine/modals';
import { modKey } from './mod-key.ts';

const keys: [string[], string][] = [
  [[modKey, 'K'], 'Find a gateway, a tab or an action'],
  [[modKey, 'S'], 'Review the changes of this gateway'],
  [['/'], 'Search on this screen'],
  [['↑', '↓'], 'Move in a table; J and K in the history'],
  [['Enter'], 'Open the row'],
  [['Space'], 'Mark the row; with Shift all rows up to it'],
  [[modKey, 'A'], 'Mark all rows'],
  [['Delete'], 'Delete what is marked in a list or in the queue'],
  [[modKey, 'Z'], 'Undo an edit of the settings'],
  [['C'], 'Compare saves in the history'],
  [['Esc'], 'Close a dialog or the review'],
  [['?'], 'Show these keys'],
];

/** Opens the dialog. */
export function openKeysDialog(): void {
  modals.open({
    title: 'Keyboard keys',
    children: (
      <Table>
        <Table.Tbody>
          {keys.map(([names, words]) => (
            <Table.Tr key={words}>
              <Table.Td w={140}>
                {names.map((name) => (
                  <Kbd key={name} mr={4}>
                    {name}
                  </Kbd>
                ))}
              </Table.Td>
              <Table.Td>{words}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    ),
  });
}
