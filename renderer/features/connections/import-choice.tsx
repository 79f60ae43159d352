// Last step of an import: what becomes of the list that is there.
import { Radio, Stack, Text } from '@mantine/core';
import type { PreviewSummary } from '../../workers/list-protocol.ts';
import { Remark } from './remark.tsx';

/** Keep what is there, or not. */
export type ImportWay = 'merge' | 'replace';

type Props = { preview: PreviewSummary; way: ImportWay; onWay: (way: ImportWay) => void; current: number };

/** Merge or replace, each with what it leaves. */
export function ImportChoice({ preview, way, onWay, current }: Props) {
  const { counts, mergedCount, replacedCount, dropped } = preview;
  const n = (count: number): string => count.toLocaleString('en');
  return (
    <Stack mih={200}>
      <Radio.Group
        value={way}
        onChange={(next) => onWay(next === 'replace' ? 'replace' : 'merge')}
        label="What becomes of the current list?"
      >
        <Stack mt="xs" gap="sm">
          <Radio
            value="merge"
            label="Merge with the current list"
            description={`${n(current)} entries stay, ${n(counts.added)} are added: ${n(mergedCount)} afterwards.`}
          />
          <Radio
            value="replace"
            label="Replace the current list"
            description={`${n(dropped)} of today's ${n(current)} entries go: ${n(replacedCount)} afterwards.`}
          />
        </Stack>
      </Radio.Group>
      {counts.refused > 0 && (
        <Remark tone="warning">
          {n(counts.refused)} {counts.refused === 1 ? 'line is' : 'lines are'} refused and left out either way.
        </Remark>
      )}
      <Text c="dimmed" size="sm">
        Undo brings the current list back. Nothing reaches the gateway before you save.
      </Text>
    </Stack>
  );
}
