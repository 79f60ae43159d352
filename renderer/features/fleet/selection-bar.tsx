// What can be done with the selected gateways; stands where the search was.
import { Button, Text } from '@mantine/core';
import { IconFolder, IconTag, IconUpload, IconX } from '@tabler/icons-react';
import type { FleetRow } from '#ipc';
import { formatCount } from '../../components/format-time.ts';
import { openMoveDialog } from './move-dialog.tsx';
import { openTagsDialog } from './tags-dialog.tsx';

type Props = {
  rows: readonly FleetRow[];
  found: readonly FleetRow[];
  marked: ReadonlySet<string>;
  onMark: (marked: ReadonlySet<string>) => void;
  onReview: (names: string[]) => void;
};

/** Count, then acts. */
export function SelectionBar({ rows, found, marked, onMark, onReview }: Props) {
  const chosen = rows.filter((row) => marked.has(row.name) && row.unreadable === null);
  const names = chosen.map((row) => row.name);
  const matching = found.filter((row) => row.unreadable === null);
  const unseen = chosen.length - matching.filter((row) => marked.has(row.name)).length;
  return (
    <>
      <Text fw={600} role="status">
        {formatCount(chosen.length)} selected
        {unseen > 0 && (
          <Text span c="dimmed" fw={400}>
            {' '}
            ({unseen} not in sight)
          </Text>
        )}
      </Text>
      <Button leftSection={<IconUpload size={16} />} onClick={() => onReview(names)} data-review>
        Review and push {names.length === 1 ? (names[0] ?? '') : `${formatCount(names.length)} gateways`}…
      </Button>
      <Button variant="default" leftSection={<IconFolder size={16} />} onClick={() => openMoveDialog(names)}>
        Move…
      </Button>
      <Button variant="default" leftSection={<IconTag size={16} />} onClick={() => openTagsDialog(chosen, rows)}>
        Tags…
      </Button>
      {matching.some((row) => !marked.has(row.name)) && (
        <Button
          variant="subtle"
          onClick={() => onMark(new Set([...marked, ...matching.map((row) => row.name)]))}
          title="Ctrl+A in the table"
        >
          Select all {formatCount(matching.length)} that match
        </Button>
      )}
      <Button
        variant="subtle"
        color="gray"
        ml="auto"
        leftSection={<IconX size={16} />}
        onClick={() => onMark(new Set())}
        title="Esc in the table"
      >
        Clear
      </Button>
    </>
  );
}
