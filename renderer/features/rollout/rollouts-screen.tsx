// Every rollout of this fleet folder, the newest first; those that an ended program left behind are offered to go on with.
import { Anchor, Button, Group, Skeleton, Stack, Table, Text } from '@mantine/core';
import type { RolloutSummary } from '#contract/rollout';
import { callGateway, refreshCalls, useCall, useGatewayEvent } from '../../api/gateway-bridge.ts';
import { formatAgo, formatCount, formatMoment } from '../../components/format-time.ts';
import { goTo } from '../../components/guarded-location.ts';
import { rolloutPath } from '../../components/open-rollout.ts';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { reportOutcome } from '../../components/report-outcome.ts';
import { ScreenHeader } from '../../components/screen-header.tsx';
import { useNow } from '../../components/use-now.ts';
import { describeCounts, RolloutBar, RolloutState } from './rollout-looks.tsx';
import classes from './rollout.module.css';

/** Rollouts of the `postern` command show up here too. */
const listEveryMilliseconds = 10_000;

/** Rollouts. */
export function RolloutsScreen() {
  const list = useCall('rollout:list', {}, { everyMilliseconds: listEveryMilliseconds });
  useGatewayEvent('rollout:changed', () => void refreshCalls('rollout:list'));
  const rollouts = list.value ?? [];
  return (
    <>
      <ScreenHeader title="Rollouts" />
      {/* A region that scrolls must be reachable by keyboard (axe: scrollable-region-focusable). */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={classes['rollouts']} tabIndex={0} role="region" aria-label="All rollouts">
        {list.problem !== null && <ProblemAlert problem={list.problem} title="The rollouts cannot be read" />}
        {list.isLoading && (
          <Stack gap={8}>
            <Skeleton height={28} />
            <Skeleton height={28} />
          </Stack>
        )}
        {rollouts
          .filter(({ state }) => state === 'interrupted')
          .map((rollout) => (
            <Interrupted key={rollout.id} rollout={rollout} />
          ))}
        {list.value?.length === 0 && <Empty />}
        {rollouts.length > 0 && <RolloutTable rollouts={rollouts} />}
      </div>
    </>
  );
}

function Empty() {
  return (
    <Stack align="flex-start" gap="sm" maw={640}>
      <Text>
        A rollout pushes to many gateways in waves: first a canary, then batches. It stops when too many fail, can be
        paused, and goes on where it was after Postern was closed.
      </Text>
      <Text c="dimmed">Select gateways in the fleet, or take a whole group, then “Review and push”.</Text>
      <Button variant="default" onClick={() => goTo('/')}>
        To the fleet
      </Button>
    </Stack>
  );
}

function Interrupted({ rollout }: { rollout: RolloutSummary }) {
  const { id } = rollout;
  const goOn = async (): Promise<void> => {
    if (reportOutcome(await callGateway('rollout:resume', { id }))) goTo(rolloutPath(id));
  };
  return (
    <ProblemAlert
      tone="warning"
      title={`The rollout of ${formatMoment(rollout.startedAt)} was interrupted`}
      problem={{
        message: `${rollout.because ?? ''} ${describeCounts(rollout)}.`,
        hint: 'Going on first asks the gateways that were under way what became of them; nobody is pushed twice.',
      }}
    >
      <Button size="xs" onClick={() => void goOn()}>
        Go on
      </Button>
      <Button size="xs" variant="default" onClick={() => goTo(rolloutPath(id))}>
        Look at it
      </Button>
    </ProblemAlert>
  );
}

function RolloutTable({ rollouts }: { rollouts: RolloutSummary[] }) {
  const now = useNow();
  return (
    <Table highlightOnHover className={classes['table']} aria-label="Rollouts">
      <Table.Thead>
        <Table.Tr>
          <Table.Th w={190}>State</Table.Th>
          <Table.Th w={190}>Started</Table.Th>
          <Table.Th w={140}>By</Table.Th>
          <Table.Th w={90} ta="right">
            Gateways
          </Table.Th>
          <Table.Th>How they stand</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rollouts.map((rollout) => (
          <Table.Tr key={rollout.id}>
            <Table.Td>
              <RolloutState rollout={rollout} />
            </Table.Td>
            <Table.Td>
              <Anchor href={`#${rolloutPath(rollout.id)}`} title={formatMoment(rollout.startedAt)}>
                {formatMoment(rollout.startedAt)}
              </Anchor>
              <Text size="xs" c="dimmed">
                {formatAgo(rollout.startedAt, now)}
              </Text>
            </Table.Td>
            <Table.Td>{rollout.by}</Table.Td>
            <Table.Td ta="right">{formatCount(rollout.options.names.length)}</Table.Td>
            <Table.Td>
              <RolloutBar rollout={rollout} />
              <Group gap="xs" mt={2}>
                <Text size="xs" c="dimmed">
                  {describeCounts(rollout)}
                </Text>
              </Group>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
