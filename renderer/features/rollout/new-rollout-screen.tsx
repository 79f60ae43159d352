// A push to many before it starts: what changes where, who is left out and why, and in which waves.
import { useMemo, useState } from 'react';
import { Button, Progress, Skeleton, Stack, Text } from '@mantine/core';
import { IconRocket } from '@tabler/icons-react';
import type { Problem } from '#contract/outcome';
import { refreshCalls, useAct, useCall } from '../../api/gateway-bridge.ts';
import { askDenyAll } from '../../components/ask-deny-all.tsx';
import { foldReviews, type ReviewEntry } from '../../components/fold-reviews.ts';
import { countGateways, formatCount } from '../../components/format-time.ts';
import { goTo } from '../../components/guarded-location.ts';
import { askedGateways, rolloutPath } from '../../components/open-rollout.ts';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { ReviewFold } from '../../components/review-fold.tsx';
import { ScreenHeader } from '../../components/screen-header.tsx';
import { LeftOut } from './left-out.tsx';
import { namesToPush, sortOut, type Decisions } from './sort-out.ts';
import { useManyReviews } from './use-many-reviews.ts';
import { WaveOptions } from './wave-options.tsx';
import { judgeWaves, orderForWaves, sensibleWaves, type WaveChoice } from './wave-plan.ts';
import classes from './rollout.module.css';

/** A person reads so many kinds of change; the rest is one click away. */
const foldsShown = 20;
const canaryTag = 'canary';
const usualDecisions: Decisions = { leavesOutSilent: true, leavesOutSame: false, overwritesThere: false };

/** Review and waves of the gateways that were named last. */
export function NewRolloutScreen() {
  const [names] = useState(askedGateways);
  if (names.length > 0) return <Review names={names} />;
  return (
    <>
      <ScreenHeader title="New rollout" />
      <Stack px="lg" align="flex-start">
        <Text>No gateway is chosen. Select some in the fleet, or take a whole group, then “Review and push”.</Text>
        <Button variant="default" onClick={() => goTo('/')}>
          To the fleet
        </Button>
      </Stack>
    </>
  );
}

function Review({ names }: { names: readonly string[] }) {
  const reviews = useManyReviews(names);
  const fleet = useCall('fleet:list', {});
  const start = useAct('rollout:start');
  const [decisions, setDecisions] = useState(usualDecisions);
  const [chosen, setChosen] = useState<Partial<WaveChoice>>({});
  const [problem, setProblem] = useState<Problem | null>(null);
  const { isLoading } = reviews;
  const entries = useMemo(() => inOrder(reviews.entries, names), [reviews.entries, names]);
  const folds = useMemo(() => foldReviews(entries), [entries]);
  const sorted = useMemo(() => sortOut(entries), [entries]);
  const taken = useMemo(() => {
    const tagged = new Set((fleet.value ?? []).filter((row) => row.tags.includes(canaryTag)).map((row) => row.name));
    const kinds = folds.map((fold) => fold.names);
    return orderForWaves(namesToPush(names, sorted, decisions), tagged, kinds);
  }, [fleet.value, folds, names, sorted, decisions]);
  const usual = sensibleWaves(taken.length);
  const choice = { ...usual, ...chosen };
  const canStart = !isLoading && taken.length > 0 && Object.keys(judgeWaves(choice)).length === 0;
  const run = async (): Promise<void> => {
    setProblem(null);
    const outcome = await start.run({ names: taken, ...choice, overwriteThere: decisions.overwritesThere });
    if (!outcome.ok) return setProblem(outcome.problem);
    await refreshCalls('rollout:list');
    goTo(rolloutPath(outcome.value.id));
  };
  return (
    <>
      <ScreenHeader title={`Push to ${countGateways(names.length)}`}>
        <Button variant="subtle" color="gray" onClick={() => window.history.back()}>
          Cancel
        </Button>
        <Button
          leftSection={<IconRocket size={16} />}
          disabled={!canStart}
          loading={start.isRunning}
          onClick={() =>
            askDenyAll(
              [...entries].filter(({ name }) => taken.includes(name)),
              () => void run(),
            )
          }
          data-review
        >
          {startWords(taken.length, names.length)}
        </Button>
      </ScreenHeader>
      <div className={classes['newRollout']}>
        {/* A region that scrolls must be reachable by keyboard (axe: scrollable-region-focusable). */}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <div className={classes['differences']} tabIndex={0} role="region" aria-label="Changes">
          {problem !== null && <ProblemAlert problem={problem} title="The rollout did not start" />}
          {isLoading && <Judging done={reviews.asked} all={names.length} />}
          <LeftOut sorted={sorted} decisions={decisions} onDecide={setDecisions} onAgain={reviews.again} />
          <Folds folds={folds} />
          {entries.length === 0 && <Waiting />}
        </div>
        <WaveOptions
          count={taken.length}
          choice={choice}
          canaries={taken.slice(0, Number.isNaN(choice.canary) ? 0 : choice.canary)}
          isUsual={Object.entries(chosen).every(([field, value]) => usual[field as keyof WaveChoice] === value)}
          onChange={(change) => setChosen({ ...chosen, ...change })}
          onUsual={() => setChosen({})}
        />
      </div>
    </>
  );
}

/** Answers come as they come; words about them stand still. */
function inOrder(entries: readonly ReviewEntry[], names: readonly string[]): ReviewEntry[] {
  const places = new Map(names.map((name, at) => [name, at]));
  return entries.toSorted((a, b) => (places.get(a.name) ?? 0) - (places.get(b.name) ?? 0));
}

function startWords(taken: number, all: number): string {
  if (taken === all) return `Start: push to ${formatCount(all)}`;
  return `Start: push to ${formatCount(taken)} of ${formatCount(all)}`;
}

function Judging({ done, all }: { done: number; all: number }) {
  return (
    <div className={classes['judging']}>
      <Text role="status" c="dimmed">
        Asking each gateway what would change: {formatCount(done)} of {formatCount(all)}
      </Text>
      <Progress value={(100 * done) / all} size="sm" aria-label={`${done} of ${all} gateways judged`} />
    </div>
  );
}

function Folds({ folds }: { folds: ReturnType<typeof foldReviews> }) {
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? folds : folds.slice(0, foldsShown);
  return (
    <>
      {shown.map((fold) => (
        <ReviewFold key={fold.names[0]} fold={fold} />
      ))}
      {folds.length > shown.length && (
        <Button variant="default" my="md" onClick={() => setWhole(true)}>
          Show {formatCount(folds.length - shown.length)} more kinds of change
        </Button>
      )}
    </>
  );
}

function Waiting() {
  return (
    <Stack gap="xs" py="md" aria-hidden>
      <Skeleton height={20} width="60%" />
      <Skeleton height={20} width="80%" />
      <Skeleton height={20} width="50%" />
    </Stack>
  );
}
