// Everything that can be known about a release before it serves: lists, settings, TLS files, and what the daemon tried.
import { judgeTls } from '#certificates/judge-tls';
import { readListLines } from '#contract/addresses';
import { type FilePurpose, releasePaths } from '#contract/files';
import { judgeConfig } from '#contract/judge-config';
import type { ErrorCode } from '#contract/outcome';
import type { Finding, ReplyProblem } from '#contract/replies';
import type { DaemonConnection } from '../store/daemon-client.ts';
import type { LoadedRelease } from '../store/release-store.ts';

/** What judges besides the release itself. Without a daemon nobody can try the port, and a push would fail. */
export type Judges = {
  daemon: DaemonConnection | null;
  hostName: string;
  /** Of the gateway's interfaces: a route to one of them may lead back to the gateway. */
  ownAddresses: readonly string[];
  now: Date;
};

/** The verdict: all findings, errors first, and the refusal that follows from the first error. */
export type Judgement = { findings: Finding[]; refusal: ReplyProblem | null };

type Judged = { code: ErrorCode; findings: Finding[] };
type ListPurpose = 'denyList' | 'permitList';

/** Lines of a list that are shown one by one; more would only bury the first. */
const refusedLinesShown = 100;

/** Judges a release without changing anything. */
export async function judgeRelease(release: LoadedRelease, judges: Judges): Promise<Judgement> {
  const deny = judgeList(release, 'denyList');
  const permit = judgeList(release, 'permitList');
  const settings = judgeConfig(release.config, {
    denyEntries: deny.entries,
    permitEntries: permit.entries,
    ownAddresses: judges.ownAddresses,
  });
  const judged: Judged[] = [
    { code: 'list-rejected', findings: [...deny.findings, ...permit.findings] },
    { code: 'certificate-rejected', findings: judgeFiles(release, judges) },
    { code: 'config-rejected', findings: settings },
    ...(await judgeListening(release, judges.daemon)),
  ];
  const order = { error: 0, warning: 1, notice: 2 };
  const findings = judged.flatMap((each) => each.findings);
  return {
    findings: findings.toSorted((a, b) => order[a.severity] - order[b.severity]),
    refusal: buildRefusal(judged),
  };
}

/** The problem of the first group that holds an error, with every error as a finding. */
function buildRefusal(judged: readonly Judged[]): ReplyProblem | null {
  const errors = judged.flatMap(({ code, findings }) =>
    findings.filter(({ severity }) => severity === 'error').map((finding) => ({ code, finding })),
  );
  const [first, ...others] = errors;
  if (first === undefined) return null;
  const more = others.length === 0 ? '' : ` And ${others.length} more.`;
  const problem: ReplyProblem = {
    code: first.code,
    message: `${first.finding.message}${more}`,
    findings: errors.map(({ finding }) => finding),
  };
  if (first.finding.hint !== undefined) problem.hint = first.finding.hint;
  return problem;
}

function judgeList(release: LoadedRelease, purpose: ListPurpose): { entries: number; findings: Finding[] } {
  const path = releasePaths[purpose];
  let entries = 0;
  const refused: { line: number; reason: string }[] = [];
  readListLines(release.files.get(path)?.toString('utf8') ?? '', (read, _rawLine, line) => {
    if (read.kind === 'entry') entries++; // counted, not kept: a million of them take 300 MB
    if (read.kind === 'refused') refused.push({ line, reason: read.reason });
  });
  const field = `connections.control.${purpose}`;
  const shown = refused.slice(0, refusedLinesShown).map(({ line, reason }) => ({
    severity: 'error' as const,
    code: 'list-rejected',
    field,
    message: `${path}, line ${line}: ${reason}`,
    hint: 'Correct or remove the line, then push again.',
  }));
  if (refused.length <= refusedLinesShown) return { entries, findings: shown };
  const rest = `${path}: ${refused.length - refusedLinesShown} more lines are refused.`;
  return {
    entries,
    findings: [...shown, { severity: 'error', code: 'list-rejected', field, message: rest }],
  };
}

function judgeFiles(release: LoadedRelease, { hostName, now }: Judges): Finding[] {
  const text = (purpose: FilePurpose): string | null =>
    release.files.get(releasePaths[purpose])?.toString('utf8') ?? null;
  const { greetingName } = release.config.smtp;
  return judgeTls(
    {
      certificate: text('certificate'),
      privateKey: text('privateKey'),
      caCertificate: text('caCertificate'),
      outgoingCa: text('outgoingCa'),
    },
    { hostNames: greetingName === null ? [hostName] : [hostName, greetingName], now },
  );
}

/** The daemon tries, because it holds the right to bind a low port and knows what it serves already. */
async function judgeListening(release: LoadedRelease, daemon: DaemonConnection | null): Promise<Judged[]> {
  const answer = await daemon?.ask({ ask: 'can-listen', interface: release.config.connections.interface });
  if (answer?.ok === true) return [];
  const problem = answer?.problem ?? {
    code: 'daemon-down' as const,
    message: 'The gateway’s daemon is not running, so nobody could try the port.',
    hint: 'Start it on the gateway (systemctl start postern-gateway-agent).',
  };
  const isAddress = problem.code === 'address-missing';
  const finding: Finding = {
    severity: 'error',
    code: problem.code,
    field: `connections.interface.${isAddress ? 'listenOn' : 'port'}`,
    message: problem.message,
  };
  if (problem.hint !== undefined) finding.hint = problem.hint;
  return [{ code: problem.code, findings: [finding] }];
}
