// What `postern status` tells people: a line for each gateway, and below the table what is wrong with whom. Pure.
import { formatAge } from '#contract/age-words';
import type { GatewaySight } from '#contract/push';
import type { QueueGauges } from '#contract/replies';
import { hostAndPort } from '../fleet/push-words.ts';
import { foldAnswers, namesOf, type Fold } from './fold-answers.ts';
import { formatTable } from './table.ts';
import { revisionWords } from './words.ts';

/** A push as the audit log has it. */
export type Attempt = { at: string; by: string; outcome: string; words: string };

type Seen = { gateway: string; value: GatewaySight & { lastAttempt: Attempt | null } };

const header = [
  'gateway',
  'state',
  'listens on',
  'connections',
  'accepted',
  'relayed',
  'queue',
  'oldest',
  'certificate until',
  'revision',
  'last push',
];

/** From this many on, one cannot count a table at a glance. */
const countedFrom = 10;

/** The whole answer. */
export function statusWords(sights: readonly Seen[]): string {
  return (
    stateCounts(sights.map(({ value }) => value.state)) +
    formatTable(
      header,
      sights.map(({ gateway, value }) => [gateway, ...sightCells(value), attemptWords(value.lastAttempt)]),
    ) +
    foldAnswers(sights, ({ problem }) => problem)
      .map(complaints)
      .join('') +
    foldAnswers(sights, ({ status }) => queueTrouble(status?.queue ?? null))
      .map(queueComplaints)
      .join('')
  );
}

/** Who pushed last, and how it ended. */
export function attemptWords(attempt: Attempt | null): string {
  return attempt === null ? 'never' : `${minuteOf(attempt.at)} by ${attempt.by}: ${attempt.outcome}`;
}

/** '2026-11-24 21:40' of an ISO moment. */
export function minuteOf(at: string): string {
  return at.slice(0, 16).replace('T', ' ');
}

function sightCells({ state, status }: GatewaySight): string[] {
  if (status === null) return [state, '', '', '', '', '', '', '', ''];
  const limit = status.connections.limit ?? 'no limit';
  const oldest = status.queue?.oldestAgeSeconds ?? null;
  return [
    state,
    status.listeners.map(({ address, port }) => hostAndPort(address, port)).join(', ') || 'nothing',
    `${status.connections.now} of ${limit}`,
    String(status.accepted),
    String(status.messages.relayed),
    status.queue === null ? '' : String(status.queue.messages),
    oldest === null ? '' : formatAge(oldest),
    status.certificate?.notAfter.slice(0, 10) ?? 'no TLS',
    revisionWords(status.runningRevision),
  ];
}

/** The whole in one line, where a table is too long to be counted. */
function stateCounts(states: readonly string[]): string {
  if (states.length < countedFrom) return '';
  const counts = [...new Set(states)].map((state) => `${states.filter((each) => each === state).length} ${state}`);
  return `${states.length} gateways: ${counts.join(', ')}\n\n`;
}

/** The same complaint of many is told once, with whose it is. */
function complaints(fold: Fold<GatewaySight>): string {
  const problem = fold.values[0]?.problem ?? null;
  if (problem === null) return '';
  const whose = fold.gateways.length === 1 ? '' : `${namesOf(fold)}: `;
  return `${whose}${problem.message}\n${problem.hint === undefined ? '' : `${problem.hint}\n`}`;
}

/** Clients are turned away, or mail lies in a file that nobody reads: not to be found in a table of figures. */
function queueTrouble(queue: QueueGauges | null): string[] {
  if (queue === null) return [];
  const { stoppedBecause, damaged } = queue;
  const parts = damaged === 1 ? '1 damaged part was' : `${damaged} damaged parts were`;
  return [
    ...(stoppedBecause === null ? [] : [`the queue takes no mail: ${stoppedBecause}`]),
    ...(damaged === 0 ? [] : [`${parts} set aside in the folder of the queue`]),
  ];
}

function queueComplaints(fold: Fold<GatewaySight>): string {
  return queueTrouble(fold.values[0]?.status?.queue ?? null)
    .map((words) => `${namesOf(fold)}: ${words}\n`)
    .join('');
}
