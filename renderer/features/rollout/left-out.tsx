// Who is not pushed, or not without a decision: said above the differences, each with its switch.
import { Alert, Button, Checkbox, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { namesInWords } from '../../components/fold-reviews.ts';
import { countGateways } from '../../components/format-time.ts';
import type { Decisions, SortedOut } from './sort-out.ts';

type Props = {
  sorted: SortedOut;
  decisions: Decisions;
  onDecide: (decisions: Decisions) => void;
  onAgain: () => void;
};

/** Nothing where every gateway simply changes. */
export function LeftOut({ sorted, decisions, onDecide, onAgain }: Props) {
  const { refused, silent, driven, same, failed } = sorted;
  const lines = [
    refused.length > 0 && (
      <Text key="refused">
        {countGateways(refused.length)} would refuse this and {refused.length === 1 ? 'is' : 'are'} left out:{' '}
        {namesInWords(refused)}. The errors stand below.
      </Text>
    ),
    failed.length > 0 && (
      <Group key="failed" gap="xs">
        <Text>
          {countGateways(failed.length)} cannot be reviewed and {failed.length === 1 ? 'is' : 'are'} left out:{' '}
          {namesInWords(failed.map(({ name }) => name))}. {failed[0]?.problem?.message}
        </Text>
        <Button size="compact-xs" variant="default" onClick={onAgain}>
          Review again
        </Button>
      </Group>
    ),
    silent.length > 0 && (
      <Checkbox
        key="silent"
        label={`Leave out ${countGateways(silent.length)} that cannot be asked now: ${namesInWords(silent)}. Each would count as a failure.`}
        checked={decisions.leavesOutSilent}
        onChange={(event) => onDecide({ ...decisions, leavesOutSilent: event.currentTarget.checked })}
      />
    ),
    driven.length > 0 && (
      <Checkbox
        key="driven"
        label={`Replace what was not pushed from here on ${countGateways(driven.length)}: ${namesInWords(driven)}. Otherwise nothing is changed there, which counts as a failure.`}
        checked={decisions.overwritesThere}
        onChange={(event) => onDecide({ ...decisions, overwritesThere: event.currentTarget.checked })}
      />
    ),
    same.length > 0 && (
      <Checkbox
        key="same"
        label={`Leave out ${countGateways(same.length)} that would not change. A push only proves the listener again.`}
        checked={decisions.leavesOutSame}
        onChange={(event) => onDecide({ ...decisions, leavesOutSame: event.currentTarget.checked })}
      />
    ),
  ].filter((line) => line !== false);
  if (lines.length === 0) return null;
  const isSerious = refused.length + failed.length + silent.length + driven.length > 0;
  return (
    <Alert
      color={isSerious ? 'yellow' : 'gray'}
      mt="sm"
      {...(isSerious ? { icon: <IconAlertTriangle size={18} /> } : {})}
    >
      <Stack gap="xs">{lines}</Stack>
    </Alert>
  );
}
