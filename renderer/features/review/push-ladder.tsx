// One gateway's way up the ladder: steps with the time each took, then how it ended and what to do.
import { Alert, Button, Group, Loader, Text, Title } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleMinus,
  IconCircleX,
  IconHelpCircle,
} from '@tabler/icons-react';
import type { PushProgress } from '#contract/push';
import { formatTaken } from '../../components/format-time.ts';
import { describeResult, type NextAct, type ResultWords } from '../../components/describe-result.ts';
import { FindingList } from '../../components/finding-list.tsx';
import { stepNames } from '../../components/step-names.ts';
import { pushSteps, type GatewayRun } from './use-push-run.ts';
import classes from '../../components/review.module.css';

type Props = { run: GatewayRun; isFolded: boolean; isBusy: boolean; onAct: (act: NextAct) => void };

/** Steps while it runs and when it failed; folded to its end when there are many. */
export function PushLadder({ run, isFolded, isBusy, onAct }: Props) {
  const words = run.result === null ? null : describeResult(run.name, run.result);
  const showsSteps = !isFolded || (words !== null && words.tone !== 'good');
  return (
    <section className={classes['fold']} aria-label={run.name}>
      <Title order={3} size="h4">
        {run.name}
      </Title>
      {showsSteps ? <Steps run={run} /> : words === null && <CurrentStep run={run} />}
      {words !== null && <Ending words={words} run={run} isBusy={isBusy} onAct={onAct} />}
      {run.problem !== null && (
        <Ending
          words={{
            tone: 'bad',
            title: 'The push did not run',
            lines: [run.problem.message, ...(run.problem.hint === undefined ? [] : [run.problem.hint])],
            next: ['retry'],
          }}
          run={run}
          isBusy={isBusy}
          onAct={onAct}
        />
      )}
    </section>
  );
}

function Steps({ run }: { run: GatewayRun }) {
  const isOver = run.result !== null || run.problem !== null;
  const shown = pushSteps.filter((step) => !isOver || run.steps[step] !== undefined);
  // A step that is not told before its end runs all the same: a ladder at rest would look stuck.
  const isTold = pushSteps.some((step) => run.steps[step]?.state === 'running');
  const current = isOver || isTold ? undefined : pushSteps.find((step) => run.steps[step] === undefined);
  return (
    <ol className={classes['steps']}>
      {shown.map((step) => {
        const progress = run.steps[step];
        return (
          <li
            key={step}
            className={classes['step']}
            data-state={progress?.state ?? (step === current ? 'running' : 'waiting')}
          >
            <StepIcon state={progress?.state ?? (step === current ? 'running' : undefined)} isOver={isOver} />
            <span className={classes['stepName']}>{stepNames[step]}</span>
            <span className={classes['stepDetail']}>
              {progress?.detail ?? (progress !== undefined && isKept(progress) ? 'over the kept connection' : '')}
            </span>
            <span className={classes['stepTime']}>
              {progress?.milliseconds === undefined || isKept(progress) ? '' : formatTaken(progress.milliseconds)}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

/** No network answers within a millisecond: nobody signed in, the connection was there. */
function isKept({ step, state, milliseconds }: PushProgress): boolean {
  return step === 'connect' && state === 'done' && milliseconds !== undefined && milliseconds < 1;
}

function StepIcon({ state, isOver }: { state: PushProgress['state'] | undefined; isOver: boolean }) {
  switch (state) {
    case 'done':
      return <IconCircleCheck size={18} color="var(--tone-green)" aria-label="done" />;
    case 'failed':
      return <IconCircleX size={18} color="var(--tone-red)" aria-label="failed" />;
    case 'skipped':
      return <IconCircleMinus size={18} color="var(--tone-gray)" aria-label="skipped" />;
    case 'running':
      return isOver ? (
        <IconHelpCircle size={18} color="var(--tone-yellow)" aria-label="not finished" />
      ) : (
        <Loader size={18} role="img" aria-label="running" />
      );
    case undefined:
      return <IconCircleDashed size={18} color="var(--tone-gray)" aria-label={isOver ? 'not reached' : 'waiting'} />;
  }
}

function CurrentStep({ run }: { run: GatewayRun }) {
  const current = pushSteps.findLast((step) => run.steps[step] !== undefined);
  return (
    <Group gap="xs">
      <Loader size={16} />
      <Text c="dimmed">{current === undefined ? 'Waiting for its turn' : stepNames[current]}</Text>
    </Group>
  );
}

const looks = {
  good: { color: 'green', Icon: IconCircleCheck },
  attention: { color: 'yellow', Icon: IconAlertTriangle },
  bad: { color: 'red', Icon: IconCircleX },
  unsure: { color: 'yellow', Icon: IconHelpCircle },
} as const;

const actWords: Record<NextAct, string> = {
  retry: 'Retry',
  'push-over': 'Push over it',
  reload: 'Reload',
  'compare-host-keys': 'Compare host keys…',
};

function Ending({ words, run, isBusy, onAct }: { words: ResultWords } & Omit<Props, 'isFolded'>) {
  const look = looks[words.tone];
  const findings = run.result?.kind === 'refused' || run.result?.kind === 'applied' ? run.result.findings : [];
  return (
    <Alert color={look.color} icon={<look.Icon size={18} />} title={words.title} className={classes['alert']}>
      {words.lines.map((line) => (
        <Text key={line}>{line}</Text>
      ))}
      <FindingList findings={findings} />
      {words.next.length > 0 && (
        <Group mt="xs" gap="xs">
          {words.next.map((act) => (
            <Button key={act} size="xs" variant="default" disabled={isBusy} onClick={() => onAct(act)}>
              {actWords[act]}
            </Button>
          ))}
        </Group>
      )}
    </Alert>
  );
}
