// The report of a rollout, for people, for a spreadsheet, for programs. Pure.
import { shortRevision } from '#contract/files';
import type { PushResult } from '#contract/push';
import type { Rollout, RolloutMember } from '#contract/rollout';
import { summariseRollout } from './summarise-rollout.ts';

export type ReportFormat = 'text' | 'json' | 'csv';

/** The whole report as the content of a file. */
export function formatReport(rollout: Rollout, format: ReportFormat): string {
  if (format === 'json')
    return `${JSON.stringify({ ...summariseRollout(rollout), members: rollout.members }, null, 2)}\n`;
  return format === 'csv' ? formatCsv(rollout) : formatText(rollout);
}

/** '12 gateways: 9 as asked, 1 failed, 2 waiting'. */
export function countWords(rollout: Rollout): string {
  const { waiting, running, asAsked, failed, skipped } = summariseRollout(rollout).counts;
  const parts = [`${asAsked} as asked`];
  for (const [count, words] of [
    [failed, 'failed'],
    [running, 'under way'],
    [waiting, 'waiting'],
    [skipped, 'skipped'],
  ] as const) {
    if (count > 0) parts.push(`${count} ${words}`);
  }
  return `${rollout.members.length} gateways: ${parts.join(', ')}`;
}

function formatText(rollout: Rollout): string {
  const { id, by, startedAt, endedAt, state, because, members, options } = rollout;
  const times = endedAt === null ? `started ${startedAt}` : `${startedAt} to ${endedAt}`;
  const waves = `${options.canary} canary, then batches of ${options.batch}, stop at ${options.maxFailures} failed`;
  const head = [`Rollout ${id}`, `by ${by}, ${times}`, waves, `${state}${because === null ? '' : `: ${because}`}`];
  return `${[...head, countWords(rollout), '', ...foldEnds(members)].join('\n')}\n`;
}

/** Gateways that ended in the same way, with the same words, are told once. */
function foldEnds(members: readonly RolloutMember[]): string[] {
  const folds = new Map<string, string[]>();
  for (const member of members) {
    const end = endWords(member);
    const names = folds.get(end);
    if (names === undefined) folds.set(end, [member.gateway]);
    else names.push(member.gateway);
  }
  return [...folds].flatMap(([end, names]) => [end, `  ${names.join(', ')}`]);
}

function endWords({ state, result }: RolloutMember): string {
  if (result === null) return { waiting: 'waits', running: 'under way', skipped: 'skipped', ended: 'ended' }[state];
  return 'problem' in result
    ? `${result.kind}: ${result.problem.message}`
    : `${result.kind} (r ${shortRevision(result.revision)})`;
}

const columns = ['gateway', 'wave', 'state', 'result', 'revision', 'pushId', 'startedAt', 'endedAt', 'message'];

function formatCsv({ members }: Rollout): string {
  const rows = members.map(({ gateway, wave, state, result, revision, pushId, startedAt, endedAt }) => [
    gateway,
    String(wave),
    state,
    result?.kind ?? '',
    revision ?? '',
    pushId ?? '',
    startedAt ?? '',
    endedAt ?? '',
    messageOf(result),
  ]);
  return [columns, ...rows].map((row) => `${row.map(csvCell).join(',')}\r\n`).join(''); // RFC 4180
}

function messageOf(result: PushResult | null): string {
  return result !== null && 'problem' in result ? result.problem.message : '';
}

/** A spreadsheet takes =, +, - and @ for a formula, and a gateway wrote the message. */
function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
