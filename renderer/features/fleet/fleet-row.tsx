// One gateway in the fleet table. Plain elements: thirty of them are made while a thumb is dragged across the screen.
import { memo, type ReactNode } from 'react';
import { IconAlertTriangle, IconCircleX, IconDots, IconTrendingUp } from '@tabler/icons-react';
import type { FleetRow as Row } from '#ipc';
import { formatAge } from '#contract/age-words';
import { shortRevision } from '#contract/files';
import { daysUntil, formatAgo, formatCount, formatMoment } from '../../components/format-time.ts';
import { gatewayPath } from '../../components/gateway-path.ts';
import { stateLooks } from '../../components/gateway-state.tsx';
import { Sparkline } from '../../components/sparkline.tsx';
import type { ColumnId } from './fleet-columns.ts';
import { factsOf, type RowFacts } from './fleet-facts.ts';
import { certificateWarningDays, stateWords } from './find-rows.ts';
import classes from './fleet-table.module.css';

/** A message that waits longer has failed for reasons that do not pass by themselves. Postern's own number. */
const lateSeconds = 86_400;
/** A look older than this shows its age: every gateway is looked at more often. */
const staleMilliseconds = 180_000;

type Props = {
  row: Row;
  position: number;
  top: number;
  template: string;
  columns: readonly ColumnId[];
  now: number;
  isActive: boolean;
  isMarked: boolean;
};

type CellProps = { row: Row; facts: RowFacts; now: number };

/** A row; clicks, keys and drags are the table's. */
export const FleetRowLine = memo(function FleetRowLine({ row, position, top, template, columns, now, ...rest }: Props) {
  const facts = factsOf(row);
  const isStale = facts.seenAt !== null && now - facts.seenAt > staleMilliseconds;
  const covered = coveredByState(row, columns);
  return (
    <div
      id={`gateway-row-${position}`}
      role="row"
      data-position={position}
      draggable={row.unreadable === null}
      aria-rowindex={position + 2}
      aria-selected={rest.isMarked}
      className={rest.isActive ? `${classes['row']} ${classes['active']}` : classes['row']}
      style={{ transform: `translateY(${top}px)`, gridTemplateColumns: template }}
      data-stale={isStale || facts.state === 'unreachable' || undefined}
    >
      <div role="gridcell" className={classes['check']} data-mark>
        {row.unreadable === null && (
          <input type="checkbox" tabIndex={-1} readOnly aria-label={`Select ${row.name}`} checked={rest.isMarked} />
        )}
      </div>
      {columns
        .filter((column) => !covered.includes(column))
        .map((column) => (
          <div
            key={column}
            role="gridcell"
            className={classes[column]}
            {...(column === 'state' && covered.length > 0
              ? { 'aria-colspan': covered.length + 1, style: { gridColumn: `span ${covered.length + 1}` } }
              : {})}
          >
            {cells[column]({ row, facts, now })}
          </div>
        ))}
      <div role="gridcell" className={classes['menu']}>
        {row.unreadable === null && (
          <button type="button" tabIndex={-1} data-menu aria-haspopup="menu" aria-label={`Actions for ${row.name}`}>
            <IconDots size={16} />
          </button>
        )}
      </div>
    </div>
  );
});

const figures: readonly ColumnId[] = ['listener', 'connections', 'tls', 'queue', 'oldest', 'agent'];

/** Columns that have nothing to say beside the state, next to it: the words of what is wrong take their room. */
function coveredByState(row: Row, columns: readonly ColumnId[]): ColumnId[] {
  if (!columns.includes('state')) return [];
  if (row.unreadable !== null) return columns.slice(columns.indexOf('state') + 1);
  if (row.sight.status !== null || row.sight.problem === null) return [];
  const behind = columns.slice(columns.indexOf('state') + 1);
  const first = behind.findIndex((column) => !figures.includes(column));
  return first === -1 ? behind : behind.slice(0, first);
}

const cells: Record<ColumnId, (props: CellProps) => ReactNode> = {
  name: ({ row }) =>
    row.unreadable === null ? (
      <a href={`#${gatewayPath(row.name)}`} tabIndex={-1} draggable={false} title={row.ssh?.host}>
        {row.name}
      </a>
    ) : (
      row.name
    ),
  state: State,
  listener: ({ facts }) =>
    facts.isDaemonDown ? <span className={classes['red']}>daemon down</span> : (facts.listener ?? ''),
  connections: Connections,
  tls: Certificate,
  queue: Queue,
  oldest: Oldest,
  agent: ({ facts }) => facts.agentVersion ?? '',
  pushed: LastPush,
  group: ({ row }) => row.group ?? '',
  tags: ({ row }) =>
    row.tags.map((tag) => (
      <span key={tag} className={classes['tag']}>
        {tag}
      </span>
    )),
  address: ({ row }) => (row.isLocal ? 'this computer' : (row.ssh?.host ?? '')),
  revision: ({ row }) => {
    const running = row.sight.status?.runningRevision;
    return running === undefined || running === null ? '' : `r ${shortRevision(running)}`;
  },
};

function State({ row, facts, now }: CellProps) {
  const { state, seenAt } = facts;
  const look = state === 'unreadable' ? { color: 'red', Icon: IconCircleX, help: row.unreadable } : stateLooks[state];
  const problem =
    state === 'unreadable' ? `${row.unreadable ?? ''} The file is left as it is.` : row.sight.problem?.message;
  const isStale = seenAt !== null && now - seenAt > staleMilliseconds;
  const more = problem ?? (isStale ? `seen ${formatAgo(new Date(seenAt).toISOString(), now)}` : null);
  return (
    <span className={classes['stateWords']} title={problem ?? look.help ?? ''}>
      <look.Icon size={16} color={`var(--tone-${look.color})`} />
      <span style={{ color: `var(--tone-${look.color})` }}>{stateWords(state)}</span>
      {more !== null && <span className={classes['more']}>{more}</span>}
    </span>
  );
}

function Connections({ row, facts }: CellProps) {
  const { connections } = facts;
  if (connections === null) return null;
  const { now, limit } = connections;
  const isNearLimit = limit !== null && now >= limit * 0.9;
  return (
    <>
      <Sparkline samples={row.trend.slice(-20)} width={52} height={20} />
      <span className={isNearLimit ? classes['yellow'] : undefined}>
        {formatCount(now)}
        <span className={classes['dim']}> / {limit === null ? '∞' : formatCount(limit)}</span>
      </span>
    </>
  );
}

function Certificate({ facts, now }: CellProps) {
  const { expiresAt } = facts;
  if (expiresAt === undefined) return null;
  if (expiresAt === null) return <span className={classes['dim']}>no TLS</span>;
  const iso = new Date(expiresAt).toISOString();
  const days = daysUntil(iso, now);
  const tone = days < 0 ? 'red' : days < certificateWarningDays ? 'yellow' : null;
  return (
    <span
      className={tone === null ? undefined : classes[tone]}
      title={`${facts.isTlsRequired ? 'TLS required. ' : ''}Certificate valid until ${formatMoment(iso)}`}
    >
      {days < 0 ? `expired ${formatCount(-days)} d` : `${formatCount(days)} d`}
      {facts.isTlsRequired && <span className={classes['dim']}> req.</span>}
    </span>
  );
}

function Queue({ row, facts }: CellProps) {
  const { queue } = facts;
  if (queue === null) return null;
  const { messages, oldestAgeSeconds, stoppedBecause, growth } = queue;
  const age = oldestAgeSeconds === null ? '' : `, the oldest for ${formatAge(oldestAgeSeconds)}`;
  const words = `${formatCount(messages)} messages wait on ${row.name}${age}`;
  return (
    <a
      href={`#${gatewayPath(row.name, 'queue')}`}
      tabIndex={-1}
      draggable={false}
      className={stoppedBecause !== null ? classes['red'] : messages === 0 ? classes['dim'] : undefined}
      title={stoppedBecause ?? (growth > 0 ? `${words}; ${formatCount(growth)} more than ten minutes ago` : words)}
    >
      {growth > 0 && <IconTrendingUp size={14} color="var(--tone-yellow)" aria-label="grows" />}
      {stoppedBecause === null ? formatCount(messages) : 'stopped'}
    </a>
  );
}

/** How long the oldest message waits. */
function Oldest({ row, facts }: CellProps) {
  const seconds = facts.queue?.oldestAgeSeconds ?? null;
  if (seconds === null) return null;
  return (
    <span
      className={seconds >= lateSeconds ? classes['yellow'] : undefined}
      title={`The oldest message on ${row.name} waits for ${formatAge(seconds)}`}
    >
      {formatAge(seconds, true)}
    </span>
  );
}

/** How a push that did not do what was asked is told; all others were confirmed, or left all as it was. */
const misses: Record<string, { words: string; tone: 'red' | 'yellow' }> = {
  refused: { words: 'refused', tone: 'red' },
  'rolled-back': { words: 'went back', tone: 'red' },
  unreachable: { words: 'not reached', tone: 'red' },
  conflict: { words: 'conflict', tone: 'yellow' },
  unknown: { words: 'outcome unknown', tone: 'yellow' },
};

/** The last attempt, where it failed after what was confirmed last. */
function missOf({ lastAttempt, lastPush }: Row) {
  if (lastAttempt === null || (lastPush !== null && lastAttempt.at <= lastPush.at)) return null;
  const miss = misses[lastAttempt.outcome];
  return miss === undefined ? null : { ...miss, attempt: lastAttempt };
}

function LastPush({ row, facts, now }: CellProps) {
  const { lastPush } = row;
  const miss = missOf(row);
  if (miss !== null) {
    const { at, by, words } = miss.attempt;
    const confirmed = lastPush === null ? 'Nothing was confirmed yet.' : `Last confirmed ${formatMoment(lastPush.at)}.`;
    return (
      <span title={`${formatMoment(at)} by ${by}: ${words} ${confirmed}`}>
        <span className={classes[miss.tone]}>
          <IconAlertTriangle size={14} aria-hidden /> {miss.words}
        </span>{' '}
        {shortAge(at, now)}
        <span className={classes['dim']}> {by}</span>
      </span>
    );
  }
  if (lastPush === null) return <span className={classes['dim']}>never</span>;
  const current = row.sight.status?.currentRevision;
  const isReplaced = current !== undefined && current !== lastPush.revision && facts.state !== 'pending-confirmation';
  const outcome = isReplaced ? 'confirmed, replaced there since' : 'confirmed';
  return (
    <span title={`${formatMoment(lastPush.at)} by ${lastPush.by}: r ${shortRevision(lastPush.revision)}, ${outcome}`}>
      {shortAge(lastPush.at, now, ' ago')}
      <span className={classes['dim']}> {lastPush.by}</span>
    </span>
  );
}

/** '3 h', '26 d': the table has no room for words that every row repeats. */
function shortAge(iso: string, now: number, behind = ''): string {
  const seconds = Math.max(0, now - Date.parse(iso)) / 1000;
  return seconds < 10 ? 'now' : `${formatAge(seconds, true)}${behind}`;
}
