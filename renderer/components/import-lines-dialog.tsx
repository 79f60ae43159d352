// What a chosen file would do, before it does it: how much is new, which lines are refused and why; then add or replace.
import { Button, Group, Modal, Table, Text } from '@mantine/core';
import { formatCount } from './format-time.ts';
import { ProblemAlert } from './problem-alert.tsx';
import classes from './import-lines-dialog.module.css';

/** Lines shown; the rest is counted. */
const refusedShown = 200;

/** What was read from a file. */
export type ImportPreview = {
  fileName: string;
  /** '1,204 domains: 1,100 are new, 104 are there already.' */
  words: string;
  refused: { line: number; text: string; reason: string }[];
  /** The file as a whole cannot be read. */
  problem?: { message: string; hint?: string };
  addWords: string | null; // null: nothing to add
  replaceWords: string | null;
};

type Props = {
  preview: ImportPreview | null; // null: closed
  onAdd: () => void;
  onReplace: () => void;
  onClose: () => void;
};

/** The dialog. */
export function ImportLinesDialog({ preview, onAdd, onReplace, onClose }: Props) {
  return (
    <Modal opened={preview !== null} onClose={onClose} title={`Import from ${preview?.fileName ?? 'file'}`} size={720}>
      {preview !== null && (
        <>
          {preview.problem === undefined ? (
            <Text>{preview.words}</Text>
          ) : (
            <ProblemAlert problem={preview.problem} title="Nothing can be read from this file" />
          )}
          {preview.refused.length > 0 && <Refused preview={preview} />}
          <Group justify="flex-end" mt="md">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            {preview.replaceWords !== null && (
              <Button variant="default" onClick={onReplace}>
                {preview.replaceWords}
              </Button>
            )}
            {preview.addWords !== null && (
              <Button data-autofocus onClick={onAdd}>
                {preview.addWords}
              </Button>
            )}
          </Group>
        </>
      )}
    </Modal>
  );
}

function Refused({ preview: { refused, addWords, replaceWords } }: { preview: ImportPreview }) {
  const hasOthers = addWords !== null || replaceWords !== null;
  const rest = refused.length - refusedShown;
  return (
    <>
      <Text mt="sm" fw={600} style={{ color: 'var(--tone-red)' }}>
        {refused.length === 1 ? '1 line is refused' : `${formatCount(refused.length)} lines are refused`}
        {hasOthers ? '; the others can be taken.' : '. Nothing else stands in the file.'}
      </Text>
      {/* A region that scrolls must be reachable by keyboard (axe: scrollable-region-focusable). */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={classes['lines']} tabIndex={0} role="region" aria-label="Refused lines">
        <Table verticalSpacing={4}>
          <Table.Tbody>
            {refused.slice(0, refusedShown).map(({ line, text, reason }) => (
              <Table.Tr key={line}>
                <Table.Td className={classes['number']}>line {line}</Table.Td>
                <Table.Td className={classes['text']}>{text}</Table.Td>
                <Table.Td>{reason}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        {rest > 0 && (
          <Text c="dimmed" p="xs">
            and {formatCount(rest)} more
          </Text>
        )}
      </div>
    </>
  );
}
