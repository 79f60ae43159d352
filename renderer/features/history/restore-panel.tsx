// The way back: for whom and to which state; what it would do, first; then one save that does it. Nothing is pushed.
import { useState } from 'react';
import { Button, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import type { Output } from '#ipc';
import type { Problem } from '#contract/outcome';
import type { Scope } from '#contract/scope';
import { useCall } from '../../api/gateway-bridge.ts';
import { namesInWords } from '../../components/fold-reviews.ts';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { DifferenceFolds, WaitingForDifferences } from '../../components/difference-folds.tsx';
import { ScopeSelect } from './scope-select.tsx';
import { useRestore } from './use-restore.ts';
import { shortCommit } from './short-commit.ts';
import classes from './history.module.css';

/** A state to go back to; `label` follows "as it was". */
export type RestorePoint = { commit: string; label: string };

type Props = { points: RestorePoint[]; scope: Scope; onClose: () => void };

type Preview = Output<'history:preview-restore'>;

/** Scope and state above, the preview below, one button. */
export function RestorePanel({ points, scope: first, onClose }: Props) {
  const [scope, setScope] = useState(first);
  const [commit, setCommit] = useState(points[0]?.commit ?? '');
  const preview = useCall('history:preview-restore', { scope, commit });
  const restore = useRestore();
  const [problem, setProblem] = useState<Problem | null>(null);
  const run = async (shown: Preview): Promise<void> => {
    setProblem(null);
    const outcome = await restore.run({ scope, commit }, shown);
    if (outcome.ok) onClose();
    else setProblem(outcome.problem);
  };
  const { value } = preview;
  return (
    <>
      {/* A region that scrolls must be reachable by keyboard (axe: scrollable-region-focusable). */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={classes['drawerContent']} role="region" aria-label="What it would change" tabIndex={0}>
        <Stack gap="xs" mb="sm">
          <Group gap="xs">
            <Text>Bring</Text>
            <ScopeSelect label="Whom to restore" value={scope} onChange={(next) => next !== null && setScope(next)} />
            <Text>back to what it was</Text>
            <Point points={points} commit={commit} onChoose={setCommit} />
          </Group>
          <Text c="dimmed">
            It becomes a new save, so nothing is lost. No gateway is touched before you review and push.
          </Text>
        </Stack>
        {problem !== null && <ProblemAlert problem={problem} title="Nothing was restored" />}
        {preview.problem !== null && (
          <ProblemAlert problem={preview.problem} title="It cannot be restored">
            <Button size="xs" variant="default" loading={preview.isFetching} onClick={() => void preview.reload()}>
              Try again
            </Button>
          </ProblemAlert>
        )}
        {value === undefined && preview.problem === null && (
          <WaitingForDifferences words="Working out what would change…" />
        )}
        {value !== undefined && preview.problem === null && <Would preview={value} />}
      </div>
      <Group className={classes['drawerFoot']} gap="xs">
        <Button
          loading={restore.isRunning}
          disabled={value === undefined || preview.problem !== null || isNothing(value)}
          onClick={() => value !== undefined && void run(value)}
        >
          {value === undefined ? 'Restore' : confirmWords(value)}
        </Button>
        <Button variant="subtle" color="gray" onClick={onClose} data-autofocus>
          Cancel
        </Button>
      </Group>
    </>
  );
}

type PointProps = { points: RestorePoint[]; commit: string; onChoose: (commit: string) => void };

function Point({ points, commit, onChoose }: PointProps) {
  const [only, ...more] = points;
  if (more.length === 0) {
    return (
      <Text>
        {only?.label} ({shortCommit(commit)})
      </Text>
    );
  }
  return (
    <SegmentedControl
      aria-label="To which state"
      value={commit}
      onChange={onChoose}
      data={points.map(({ commit: value, label }) => ({ value, label }))}
    />
  );
}

function isNothing({ touched, differences }: Preview): boolean {
  return touched.length === 0 && differences.length === 0;
}

function Would({ preview }: { preview: Preview }) {
  const { touched, differences } = preview;
  const others = touched.filter((name) => !differences.some(({ gateway }) => gateway === name));
  if (isNothing(preview)) return <Text c="dimmed">It is so already: there is nothing to bring back.</Text>;
  return (
    <>
      <DifferenceFolds differences={differences} none="No setting that a gateway is given changes." />
      {others.length > 0 && (
        <Text c="dimmed">
          {namesInWords(others)}: {others.length === 1 ? 'its file is' : 'their files are'} written anew; what is pushed
          stays the same.
        </Text>
      )}
    </>
  );
}

function confirmWords({ touched, differences }: Preview): string {
  const names = [...new Set([...differences.map(({ gateway }) => gateway), ...touched])];
  return names.length === 1 ? `Restore ${names[0] ?? ''}` : `Restore ${names.length} gateways`;
}
