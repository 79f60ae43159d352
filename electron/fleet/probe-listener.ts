// The proof from the desktop: looks at the real port from here and compares it with what was pushed and with what
// the gateway's `explain` foretold for this computer.
import type { DesktopProof } from '#contract/push';
import type { ApplyReply, Explanation } from '#contract/replies';
import { plainText } from '../ssh/plain-text.ts';
import { chooseProbeTargets, type Listener } from './probe-targets.ts';
import { lookAtSmtp, type LookOptions, type SmtpLook } from './smtp-look.ts';

export type Expectation = {
  /** What the gateway says that it does with a connection from here. */
  foretold: Explanation | null;
  /** Null: not known; a string: STARTTLS with this certificate; false: no STARTTLS. */
  tls: string | false | null;
  /** The name in the banner that the gateway's own proof saw. */
  greetingName: string | null;
};

/** Looks at the first listener that can be reached. Never throws; what stands in the way is a reason in words. */
export async function probeListener(
  applied: ApplyReply,
  sshAddress: string,
  options: LookOptions = {},
): Promise<DesktopProof> {
  const choice = chooseProbeTargets(applied.listensOn, sshAddress);
  if ('reason' in choice) return { result: 'not-possible', reason: choice.reason };
  const expected = expectationOf(applied);
  let proof: DesktopProof = { result: 'not-possible' };
  for (const target of choice.targets) {
    proof = await probeOne(target, expected, options);
    if (proof.result !== 'not-possible' || options.signal?.aborted) break;
  }
  return proof;
}

function expectationOf(applied: ApplyReply): Expectation {
  const [seen] = applied.proof.listeners.filter((listener) => listener.result === 'proved');
  const greetingName = seen?.banner === undefined ? null : nameOf(seen.banner.replace(/^220[ -]/, ''));
  const tls = seen === undefined ? null : (seen.fingerprint ?? false);
  return { foretold: applied.explainsCaller, tls, greetingName };
}

async function probeOne(target: Listener, expected: Expectation, options: LookOptions): Promise<DesktopProof> {
  const at = { address: target.address, port: target.port };
  const look = await lookAtSmtp(target.address, target.port, options);
  if (!look.ok) return { result: 'not-possible', reason: look.problem.message, ...at };
  return { ...judgeLook(look.value, expected), ...at };
}

/** What was seen against what was expected: the whole of the judgement, and pure. */
export function judgeLook(look: SmtpLook, expected: Expectation): DesktopProof {
  const { banner } = look;
  if (banner === null) return judgeSilence(look.reason ?? 'no banner');
  const said = plainText(`${banner.code} ${banner.lines[0] ?? ''}`);
  const seen = { banner: said, ...(look.tlsVersion === null ? {} : { tlsVersion: look.tlsVersion }) };
  const foretoldRefusal = expected.foretold?.verdict === 'refuse';
  if (banner.code !== 220) return { ...judgeRefusal(banner.code, said, expected), ...seen };
  if (foretoldRefusal) return failed('It accepts this computer, though it is meant to refuse it.', seen);
  const name = nameOf(banner.lines[0] ?? '');
  if (expected.greetingName !== null && name !== expected.greetingName) {
    return failed(`Another server answers: its banner names ${name}, not ${expected.greetingName}.`, seen);
  }
  if (look.problem !== null) return failed(`After the banner ${plainText(look.problem)}.`, seen);
  return judgeTlsSeen(look, expected, seen);
}

function judgeSilence(reason: string): DesktopProof {
  if (reason === 'it does not speak SMTP') return failed('What answers there does not speak SMTP.', {});
  return {
    result: 'not-possible',
    reason: `Connected, but no banner came: ${reason}. Something may stand in between.`,
  };
}

function judgeRefusal(code: number, said: string, { foretold }: Expectation): DesktopProof {
  if (foretold?.verdict === 'refuse')
    return { result: 'refused-as-expected', reason: `It refuses this computer: ${said}` };
  if (foretold === null) {
    return {
      result: 'not-possible',
      reason: `It refuses this computer (${said}), and could not foretell whether it would.`,
    };
  }
  // Full or shutting down, RFC 5321 §3.8: true of the moment, and not of the configuration.
  if (code === 421) return { result: 'not-possible', reason: `It takes no connection at the moment: ${said}` };
  return failed(`It refuses this computer (${said}), though it is meant to accept it.`, {});
}

function judgeTlsSeen(look: SmtpLook, { tls }: Expectation, seen: Partial<DesktopProof>): DesktopProof {
  if (tls === null) return { result: 'proved', ...seen };
  if (tls === false) {
    return look.offersTls ? failed('It offers STARTTLS, though TLS is off.', seen) : { result: 'proved', ...seen };
  }
  if (!look.offersTls) return failed('It does not offer STARTTLS from here; something may strip it on the way.', seen);
  const fingerprint = look.fingerprint ?? '';
  if (fingerprint !== tls) {
    return failed(`It shows another certificate from here: ${fingerprint || 'none'} instead of ${tls}.`, seen);
  }
  return { result: 'proved', ...seen, fingerprint };
}

function failed(reason: string, seen: Partial<DesktopProof>): DesktopProof {
  return { ...seen, result: 'failed', reason };
}

function nameOf(bannerText: string): string {
  return (bannerText.trim().split(/\s+/)[0] ?? '').toLowerCase();
}
