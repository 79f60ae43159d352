// The commands that only ask: check, status, releases, explain, list.
import { describeVerdict } from '#contract/describe-verdict';
import type { GatewayReview } from '#contract/push';
import type { Replies } from '#contract/replies';
import { done, type Outcome } from '#contract/outcome';
import type { ExplainedMail } from '../fleet/engine.ts';
import { hostAndPort } from '../fleet/push-words.ts';
import { runMany } from '../fleet/run-many.ts';
import { exitStatus, statusOfProblem } from './exit-status.ts';
import { foldAnswers, namesOf, type Fold } from './fold-answers.ts';
import { showAnswers, tellProblem, writeDocument, type Answer } from './results.ts';
import type { Session } from './session.ts';
import { attemptWords, minuteOf, statusWords, type Attempt } from './status-words.ts';
import { formatTable } from './table.ts';
import { changeRows, findingLines, revisionWords } from './words.ts';

const atOnce = 16;

/** Asks every gateway of the session. */
export function askAll<T>(session: Session, ask: (name: string) => Promise<Outcome<T>>): Promise<Answer<T>[]> {
  return runMany(session.names, atOnce, async (gateway) => ({ gateway, answer: await ask(gateway) }));
}

/** What a push would do. Not as asked: a finding that refuses, or a gateway that could not judge. */
export async function checkCommand(session: Session): Promise<number> {
  const answers = await askAll(session, (name) => session.engine.review(name));
  return showAnswers(session, answers, {
    command: 'check',
    words: (reviews) => foldAnswers(reviews, likenessOf).map(reviewWords).join('\n'),
    statusOf: (review) => {
      if (review.findings.some(({ severity }) => severity === 'error')) return exitStatus.refused;
      return review.problem === null ? exitStatus.done : statusOfProblem({ code: review.problem.code, message: '' });
    },
  });
}

/** A push does the same to all of them: same changes, same findings, same judge. */
function likenessOf({ difference, findings, judgedBy, problem }: GatewayReview): unknown {
  return [difference, findings, judgedBy, problem?.code];
}

function reviewWords(fold: Fold<GatewayReview>): string {
  const [review] = fold.values;
  if (review === undefined) return '';
  const revisions = (of: (each: GatewayReview) => string | null) => {
    const all = new Set(fold.values.map((each) => revisionWords(of(each))));
    return all.size === 1 ? `r ${[...all].join('')}` : `${all.size} revisions`;
  };
  const head = `${revisions((each) => each.runningRevision)} -> ${revisions((each) => each.revision)}`;
  const judge = fold.values
    .map(({ problem }) => (problem === null ? '' : `judged on this computer alone: ${problem.message}\n`))
    .join('');
  const changes =
    review.difference.length === 0
      ? review.problem === null
        ? 'nothing changes\n'
        : ''
      : formatTable(['setting', 'change', 'note'], changeRows(review.difference));
  return `${namesOf(fold)}  ${head}\n${judge}${changes}${findingLines(review.findings)}`;
}

/** How the gateways are. Not as asked: one that cannot be reached, or whose daemon does not answer. */
export async function statusCommand(session: Session): Promise<number> {
  const attempts = await lastAttempts(session);
  const answers = await askAll(session, async (name) => {
    const sight = await session.engine.refresh(name);
    return sight.ok ? done({ ...sight.value, lastAttempt: attempts.get(name) ?? null }) : sight;
  });
  return showAnswers(session, answers, {
    command: 'status',
    words: statusWords,
    statusOf: (sight) =>
      sight.problem === null ? exitStatus.done : statusOfProblem({ code: sight.problem.code, message: '' }),
  });
}

/** Who pushed last, and how it ended: also what no record holds because it failed. Without a log nobody knows. */
async function lastAttempts({ audit, terminal }: Session): Promise<Map<string, Attempt>> {
  const found = await audit.lastPushes();
  if (!found.ok) tellProblem(terminal, found.problem);
  const attempts = new Map<string, Attempt>();
  for (const [name, { at, by, outcome, words }] of found.ok ? found.value : [])
    attempts.set(name, { at, by, outcome, words });
  return attempts;
}

/** Which releases the gateways keep, newest first. */
export async function releasesCommand(session: Session): Promise<number> {
  const answers = await askAll(session, (name) => session.engine.releases(name));
  const rows = (gateway: string, { releases }: Replies['releases']) =>
    releases.map(({ revision, storedAt, author, isCurrent }) => [
      gateway,
      revisionWords(revision),
      isCurrent ? 'confirmed' : '',
      storedAt,
      author,
    ]);
  return showAnswers(session, answers, {
    command: 'releases',
    words: (kept) =>
      formatTable(
        ['gateway', 'revision', '', 'stored', 'by'],
        kept.flatMap(({ gateway, value }) => rows(gateway, value)),
      ),
  });
}

/** What would happen to a connection from this address now, and to a message in it. */
export async function explainCommand(session: Session, address: string, mail: ExplainedMail): Promise<number> {
  const answers = await askAll(session, (name) => session.engine.explain(name, address, mail));
  return showAnswers(session, answers, {
    command: 'explain',
    words: (explanations) =>
      explanations
        .map(({ gateway, value }) => {
          const rows = value.steps.map(({ rule, outcome, words, reply }) => [rule, outcome, words, reply ?? '']);
          return `${gateway}: ${describeVerdict(value, mail).words}\n${formatTable(['rule', 'outcome', 'why', 'reply'], rows)}`;
        })
        .join('\n'),
  });
}

/** What the fleet folder holds; no gateway is asked. */
export async function listCommand(session: Session): Promise<number> {
  const entries = await session.folder.list();
  if (!entries.ok) {
    tellProblem(session.terminal, entries.problem);
    return statusOfProblem(entries.problem);
  }
  const chosen = entries.value.filter(({ name }) => session.names.includes(name));
  const unreadable = chosen.filter((entry) => 'unreadable' in entry);
  const status = unreadable.length === 0 ? exitStatus.done : exitStatus.failed;
  if (session.json) {
    writeDocument(session.terminal, { command: 'list', ok: status === exitStatus.done, gateways: chosen });
    return status;
  }
  const attempts = await lastAttempts(session);
  const rows = chosen.map((entry) => {
    if ('unreadable' in entry) return [entry.name, 'cannot be read', '', '', entry.unreadable];
    const { ssh, lastPush } = entry.record;
    const confirmed = lastPush === null ? 'never' : `${minuteOf(lastPush.at)} by ${lastPush.by}`;
    const attempt = attempts.get(entry.name);
    const pushed = attempt === undefined ? confirmed : attemptWords(attempt);
    return [entry.name, hostAndPort(ssh.host, ssh.port), ssh.user, ssh.signIn.kind, pushed];
  });
  session.terminal.out(formatTable(['gateway', 'ssh', 'user', 'sign-in', 'last push'], rows));
  return status;
}
