// `postern diff` and `postern ran`: what differs between two states of the fleet folder, and what a gateway ran then.
import { done, type Outcome } from '#contract/outcome';
import type { GatewayDifference } from '../store/history-compare.ts';
import type { RanThen } from '../store/history-ran.ts';
import { exitStatus } from './exit-status.ts';
import { findState, parseTime, scopeNamed, type NamedScope } from './history-state.ts';
import { localTime } from './log.ts';
import { endWithProblem, writeDocument } from './results.ts';
import type { Session } from './session.ts';
import { formatTable } from './table.ts';
import { changeRows, revisionWords } from './words.ts';

export type DiffWish = NamedScope & { from: string; to?: string | undefined };

/** From a state to another, or to what lies in the folder now; gateway by gateway. */
export async function diffCommand(session: Session, wish: DiffWish): Promise<number> {
  const { terminal, json } = session;
  const compared = await compare(session, wish);
  if (!compared.ok) return endWithProblem(terminal, compared.problem, { command: 'diff', json });
  const { from, to, differences } = compared.value;
  if (json) writeDocument(terminal, { command: 'diff', ok: true, from, to, gateways: differences });
  else terminal.out(differenceLines(differences) || 'No gateway is given anything else.\n');
  return exitStatus.done;
}

type Compared = { from: string; to: string | null; differences: GatewayDifference[] };

async function compare({ history }: Session, wish: DiffWish): Promise<Outcome<Compared>> {
  const scope = scopeNamed(wish);
  if (!scope.ok) return scope;
  const from = await findState(history, wish.from);
  if (!from.ok) return from;
  const to = wish.to === undefined ? done(null) : await findState(history, wish.to);
  if (!to.ok) return to;
  const ends = { from: from.value, to: to.value };
  const differences = await history.compare({ scope: scope.value ?? { kind: 'fleet' }, ...ends });
  return differences.ok ? done({ ...ends, differences: differences.value }) : differences;
}

/** Each gateway with its changes below it; '' where nothing differs. */
export function differenceLines(differences: readonly GatewayDifference[]): string {
  return differences.map((each) => `${each.gateway}\n${linesOf(each)}`).join('\n');
}

function linesOf({ difference, words }: GatewayDifference): string {
  const told = words === null ? '' : `${words}\n`;
  const table = difference.length === 0 ? '' : formatTable(['setting', 'change', 'note'], changeRows(difference));
  const entries = difference.flatMap(({ added = [], removed = [] }) => [
    ...added.map((entry) => `+ ${entry}\n`),
    ...removed.map((entry) => `- ${entry}\n`),
  ]);
  return (told + table + entries.join('')).replaceAll(/^(?=.)/gm, '  ');
}

/** By the pushes that are recorded in this folder. */
export async function ranCommand(session: Session, name: string, at: string): Promise<number> {
  const { terminal, json } = session;
  const when = parseTime(at);
  const ran = when.ok ? await session.history.ran(name, when.value) : when;
  if (!ran.ok) return endWithProblem(terminal, ran.problem, { command: 'ran', json });
  if (json) writeDocument(terminal, { command: 'ran', ok: true, gateway: name, at, ...ran.value });
  else terminal.out(ranLines(name, ran.value));
  return exitStatus.done;
}

function ranLines(name: string, { revision, pushedAt, by, commit, difference, words }: RanThen): string {
  const told = words === null ? '' : `${words}\n`;
  if (revision === null || pushedAt === null) return `${name}: ${told}`;
  const settings = commit === null ? '' : ` with the settings of commit ${commit.slice(0, 7)}`;
  const head = `${name} ran r ${revisionWords(revision)}, pushed ${localTime(pushedAt)} by ${by ?? 'unknown'}${settings}.\n`;
  if (words !== null) return head + told;
  if (difference.length === 0) return `${head}It would be given the same now.\n`;
  return `${head}What differs now:\n${linesOf({ gateway: name, difference, words: null })}`;
}
