// The fleet in one look, pictures first: states as a bar, connections over time, queues that grow, certificates that end.
import { UnstyledButton } from '@mantine/core';
import { IconCircleX, IconTrendingUp } from '@tabler/icons-react';
import { formatAge } from '#contract/age-words';
import type { FleetRow } from '#ipc';
import { daysUntil, formatCount } from '../../components/format-time.ts';
import { stateLooks } from '../../components/gateway-state.tsx';
import { Sparkline } from '../../components/sparkline.tsx';
import { factsOf, type RowState } from './fleet-facts.ts';
import type { FleetView } from './fleet-view.ts';
import { certificateWarningDays, countStates, stateWords } from './find-rows.ts';
import classes from './fleet-summary.module.css';

type Props = { rows: readonly FleetRow[]; now: number; view: FleetView };

/** The strip above the table; each part narrows the table to what it shows. */
export function FleetSummary({ rows, now, view }: Props) {
  return (
    <section className={classes['strip']} aria-label="The fleet in one look">
      <States rows={rows} view={view} />
      <Connections rows={rows} />
      <Queues rows={rows} view={view} />
      <Certificates rows={rows} now={now} view={view} />
    </section>
  );
}

function lookOf(state: RowState) {
  return state === 'unreadable' ? { color: 'red', Icon: IconCircleX, help: '' } : stateLooks[state];
}

function States({ rows, view: { filter, narrow } }: Omit<Props, 'now'>) {
  const counts = countStates(rows).toReversed(); // what is well first, trouble at the end of the bar
  const turn = (state: RowState): void => {
    const isOn = filter.states.includes(state);
    narrow({ states: isOn ? filter.states.filter((each) => each !== state) : [...filter.states, state] });
  };
  return (
    <div className={classes['states']}>
      <div className={classes['bar']} aria-hidden>
        {counts.map(({ state, count }) => (
          <span
            key={state}
            data-state={state}
            style={{ flexGrow: count, background: `var(--tone-${lookOf(state).color})` }}
          />
        ))}
      </div>
      <div className={classes['legend']}>
        {counts.map(({ state, count }) => {
          const look = lookOf(state);
          return (
            <UnstyledButton
              key={state}
              className={classes['key']}
              aria-pressed={filter.states.includes(state)}
              onClick={() => turn(state)}
              title={look.help}
            >
              <look.Icon size={15} color={`var(--tone-${look.color})`} />
              <b>{formatCount(count)}</b> {stateWords(state)}
            </UnstyledButton>
          );
        })}
      </div>
    </div>
  );
}

function Connections({ rows }: Pick<Props, 'rows'>) {
  const known = rows.map(factsOf).flatMap(({ connections }) => (connections === null ? [] : [connections]));
  const total = known.reduce((sum, { now }) => sum + now, 0);
  const full = known.filter(({ now, limit }) => limit !== null && now >= limit * 0.9).length;
  return (
    <div className={classes['tile']}>
      <span className={classes['label']}>Connections</span>
      <span className={classes['figure']}>
        {known.length === 0 ? '–' : formatCount(total)} <Sparkline samples={sumOfTrends(rows)} width={64} height={22} />
      </span>
      <span className={classes['note']} data-tone={full > 0 ? 'yellow' : undefined}>
        {full === 0 ? unlessUnknown(rows.length - known.length, 'none near its limit') : nearLimit(full)}
      </span>
    </div>
  );
}

/** All being well is said only of gateways that told how they are. */
function unlessUnknown(unknown: number, words: string): string {
  return unknown === 0 ? words : `${formatCount(unknown)} not known`;
}

function nearLimit(count: number): string {
  return count === 1 ? '1 near its limit' : `${formatCount(count)} near their limit`;
}

/** The trends added up from their newest ends; a gateway that was looked at less often counts with what it has. */
function sumOfTrends(rows: readonly FleetRow[]): number[] {
  const length = Math.min(30, Math.max(0, ...rows.map((row) => row.trend.length)));
  const sums = Array.from({ length }, () => 0);
  for (const { trend } of rows) {
    for (let back = 1; back <= length; back += 1) {
      const value = trend[trend.length - back] ?? trend[0] ?? 0;
      sums[length - back] = (sums[length - back] ?? 0) + value;
    }
  }
  return sums;
}

function Queues({ rows, view: { filter, narrow } }: Omit<Props, 'now'>) {
  const queues = rows.map(factsOf).flatMap(({ queue }) => (queue === null ? [] : [queue]));
  const waiting = queues.reduce((sum, { messages }) => sum + messages, 0);
  const growing = queues.filter(({ growth }) => growth > 0).length;
  const stopped = queues.filter(({ stoppedBecause }) => stoppedBecause !== null).length;
  const oldest = Math.max(0, ...queues.map(({ oldestAgeSeconds }) => oldestAgeSeconds ?? 0));
  const calm = unlessUnknown(
    rows.length - queues.length,
    waiting === 0 ? 'no queue grows' : `oldest ${formatAge(oldest)}`,
  );
  return (
    <UnstyledButton
      className={classes['tile']}
      aria-pressed={filter.queueGrows}
      disabled={growing === 0 && !filter.queueGrows}
      onClick={() => narrow({ queueGrows: !filter.queueGrows })}
    >
      <span className={classes['label']}>Messages waiting</span>
      <span className={classes['figure']}>{queues.length === 0 ? '–' : formatCount(waiting)}</span>
      <span className={classes['note']} data-tone={stopped > 0 ? 'red' : growing > 0 ? 'yellow' : undefined}>
        {growing > 0 && <IconTrendingUp size={14} />}
        {stopped > 0 ? `${formatCount(stopped)} stopped` : growing > 0 ? queuesGrow(growing) : calm}
      </span>
    </UnstyledButton>
  );
}

function queuesGrow(count: number): string {
  return count === 1 ? '1 queue grows' : `${formatCount(count)} queues grow`;
}

/** Days left, in steps that ask for different haste. */
const expirySteps = [
  { until: 0, tone: 'red', words: 'expired' },
  { until: 7, tone: 'red', words: 'within 7 days' },
  { until: certificateWarningDays, tone: 'yellow', words: `within ${certificateWarningDays} days` },
  { until: 90, tone: 'accent', words: 'within 90 days' },
  { until: Infinity, tone: 'green', words: 'later' },
] as const;

function Certificates({ rows, now, view: { filter, narrow } }: Props) {
  const days = rows.flatMap((row) => {
    const { expiresAt } = factsOf(row);
    return expiresAt === null || expiresAt === undefined ? [] : [daysUntil(new Date(expiresAt).toISOString(), now)];
  });
  const counts = expirySteps.map(
    ({ until }, at) => days.filter((left) => left < until && left >= (expirySteps[at - 1]?.until ?? -Infinity)).length,
  );
  const highest = Math.max(1, ...counts);
  const expired = counts[0] ?? 0;
  const soon = (counts[1] ?? 0) + (counts[2] ?? 0);
  return (
    <UnstyledButton
      className={classes['tile']}
      aria-pressed={filter.expiresSoon}
      disabled={expired + soon === 0 && !filter.expiresSoon}
      onClick={() => narrow({ expiresSoon: !filter.expiresSoon })}
    >
      <span className={classes['label']}>Certificates</span>
      <span className={classes['figure']}>
        {formatCount(days.length)}
        <span className={classes['steps']} aria-hidden>
          {expirySteps.map(({ tone, words }, at) => (
            <i
              key={words}
              title={`${counts[at] ?? 0} ${words}`}
              style={{
                height: `${Math.max(8, ((counts[at] ?? 0) / highest) * 100)}%`,
                background: `var(--tone-${tone})`,
              }}
              data-empty={counts[at] === 0 || undefined}
            />
          ))}
        </span>
      </span>
      <span className={classes['note']} data-tone={expired > 0 ? 'red' : soon > 0 ? 'yellow' : undefined}>
        {expiryWords(expired, soon)}
      </span>
    </UnstyledButton>
  );
}

function expiryWords(expired: number, soon: number): string {
  const parts = [
    ...(expired === 0 ? [] : [`${formatCount(expired)} expired`]),
    ...(soon === 0 ? [] : [`${formatCount(soon)} soon`]),
  ];
  if (expired === 0 && soon > 0) return `${formatCount(soon)} end soon`;
  return parts.length === 0 ? 'none ends soon' : parts.join(', ');
}
