// One rollout: how far it is, gateway by gateway, and what can be done about it.
import { useMemo, useState } from 'react';
import { Button, Menu, Skeleton, Stack, Text } from '@mantine/core';
import { modals } from '@mantine/modals';
import { IconChevronDown, IconPlayerPause, IconPlayerPlay, IconRefresh } from '@tabler/icons-react';
import type { Outcome } from '#contract/outcome';
import type { Rollout } from '#contract/rollout';
import { callGateway, refreshCalls } from '../../api/gateway-bridge.ts';
import { countGateways, formatCount, formatMoment, formatTaken } from '../../components/format-time.ts';
import { goTo } from '../../components/guarded-location.ts';
import { rolloutPath } from '../../components/open-rollout.ts';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { reportOutcome } from '../../components/report-outcome.ts';
import { ScreenHeader } from '../../components/screen-header.tsx';
import { useNow } from '../../components/use-now.ts';
import { MemberDrawer } from './member-drawer.tsx';
import { MemberGrid } from './member-grid.tsx';
import { MemberList } from './member-list.tsx';
import { describeCounts, memberKind, RolloutBar, RolloutState } from './rollout-looks.tsx';
import { useRollout, type Steps } from './use-rollout.ts';
import classes from './rollout.module.css';

/** The rollout `id`. */
export function RolloutScreen({ id }: { id: string }) {
  const { rollout, problem, steps, reload } = useRollout(id);
  if (rollout === null) {
    return (
      <>
        <ScreenHeader title="Rollout" />
        <Stack px="lg" align="flex-start">
          {problem === null ? <Skeleton height={28} /> : <ProblemAlert problem={problem} />}
          <Button variant="default" onClick={() => goTo('/rollouts')}>
            All rollouts
          </Button>
        </Stack>
      </>
    );
  }
  return <Shown rollout={rollout} steps={steps} reload={reload} />;
}

function countMembers({ members }: Rollout) {
  const counts = { waiting: 0, running: 0, asAsked: 0, failed: 0, skipped: 0 };
  for (const member of members) {
    const kind = memberKind(member);
    counts[kind === 'unsure' ? 'failed' : kind] += 1;
  }
  return counts;
}

type Counts = ReturnType<typeof countMembers>;

type ShownProps = { rollout: Rollout; steps: Steps; reload: () => void };

function Shown({ rollout, steps, reload }: ShownProps) {
  const [opened, setOpened] = useState<string | null>(null);
  const counts = useMemo(() => countMembers(rollout), [rollout]);
  const { members, state } = rollout;
  const counted = { state, counts };
  return (
    <>
      <ScreenHeader title={`Rollout to ${countGateways(members.length)}`} facts={<RolloutState rollout={counted} />}>
        <Acts rollout={rollout} counts={counts} reload={reload} />
      </ScreenHeader>
      <div className={classes['run']}>
        <RolloutBar rollout={counted} isLarge />
        <div className={classes['facts']}>
          <Text role="status" fw={500}>
            {describeCounts(counted)}
          </Text>
          <Text c="dimmed">
            {rollout.by}, {formatMoment(rollout.startedAt)}, <Lasts rollout={rollout} />
          </Text>
        </div>
        <Because rollout={rollout} counts={counts} />
        <MemberGrid members={members} label={`Waves: ${describeCounts(counted)}`} />
      </div>
      <MemberList members={members} steps={steps} onOpen={setOpened} />
      <MemberDrawer
        member={members.find(({ gateway }) => gateway === opened) ?? null}
        onClose={() => setOpened(null)}
      />
    </>
  );
}

function Lasts({ rollout }: { rollout: Rollout }) {
  const now = useNow(1000);
  const end = rollout.endedAt === null ? now : Date.parse(rollout.endedAt);
  const words = formatTaken(Math.max(0, end - Date.parse(rollout.startedAt)));
  return rollout.state === 'running' ? `for ${words}` : `${words} long`;
}

/** Why it does not go on, and what to do. */
function Because({ rollout, counts }: { rollout: Rollout; counts: Counts }) {
  const { state, because } = rollout;
  if (state === 'running' || state === 'finished' || state === 'cancelled') return null;
  const hints = {
    paused: `${formatCount(counts.waiting)} wait. Go on when you are content with those that ended.`,
    stopped: `${formatCount(counts.waiting)} were not pushed. Look at the failures; go on with the rest, or cancel it.`,
    interrupted: 'Going on first asks the gateways that were under way what became of them; nobody is pushed twice.',
  };
  return <ProblemAlert tone="warning" problem={{ message: because ?? '', hint: hints[state] }} />;
}

function Acts({ rollout, counts, reload }: { rollout: Rollout; counts: Counts; reload: () => void }) {
  const [isBusy, setBusy] = useState(false);
  const { id, state } = rollout;
  const run = async (ask: () => Promise<Outcome<unknown>>): Promise<void> => {
    setBusy(true);
    reportOutcome(await ask());
    setBusy(false);
    reload();
    await refreshCalls('rollout:list');
  };
  const retry = async (): Promise<void> => {
    setBusy(true);
    const outcome = await callGateway('rollout:retry', { id });
    setBusy(false);
    if (outcome.ok) goTo(rolloutPath(outcome.value.id));
    else reportOutcome(outcome);
  };
  const canGoOn = state === 'paused' || state === 'stopped' || state === 'interrupted';
  const isOver = state === 'finished' || state === 'cancelled';
  return (
    <>
      {!isOver && (
        <Button
          variant="subtle"
          color="gray"
          disabled={isBusy}
          onClick={() => askCancel(counts, () => void run(() => callGateway('rollout:cancel', { id })))}
        >
          Cancel…
        </Button>
      )}
      <Report id={id} />
      {state === 'running' && (
        <Button
          variant="default"
          leftSection={<IconPlayerPause size={16} />}
          loading={isBusy}
          onClick={() => void run(() => callGateway('rollout:pause', { id }))}
        >
          Pause
        </Button>
      )}
      {counts.failed > 0 && state !== 'running' && (
        <Button
          variant={canGoOn ? 'default' : 'filled'}
          leftSection={<IconRefresh size={16} />}
          disabled={isBusy}
          onClick={() => void retry()}
        >
          Retry {formatCount(counts.failed)} failed
        </Button>
      )}
      {canGoOn && (
        <Button
          leftSection={<IconPlayerPlay size={16} />}
          loading={isBusy}
          onClick={() => void run(() => callGateway('rollout:resume', { id }))}
        >
          Go on
        </Button>
      )}
    </>
  );
}

function askCancel({ waiting, running }: Counts, cancel: () => void): void {
  modals.openConfirmModal({
    title: 'Cancel this rollout?',
    children: (
      <Text>
        {formatCount(waiting)} that wait are skipped.{' '}
        {running > 0 && `${formatCount(running)} under way are finished. `}
        What ended stays as it is: nothing is taken back.
      </Text>
    ),
    labels: { confirm: 'Cancel the rollout', cancel: 'Keep it' },
    confirmProps: { color: 'red' },
    onConfirm: cancel,
  });
}

const reports = [
  { format: 'text', words: 'As text' },
  { format: 'csv', words: 'As a table (CSV)' },
  { format: 'json', words: 'As JSON' },
] as const;

function Report({ id }: { id: string }) {
  const save = async (format: (typeof reports)[number]['format']): Promise<void> => {
    const outcome = await callGateway('rollout:report', { id, format });
    const words = outcome.ok && outcome.value !== null ? `The report is in ${outcome.value.fileName}.` : undefined;
    reportOutcome(outcome, words);
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" rightSection={<IconChevronDown size={14} />}>
          Report
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {reports.map(({ format, words }) => (
          <Menu.Item key={format} onClick={() => void save(format)}>
            {words}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
