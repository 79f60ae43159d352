// The look at a host: what stands there and what enrolment would do. Touches nothing, there or here.
import type { EnrolReport, HostSignIn } from '#contract/enrolment';
import { done, failed, type Outcome } from '#contract/outcome';
import { openEnrolKit, type EnrolKit } from './enrol-kit.ts';
import { findEnrolled, type Enrolled, type FleetOfEnrolment } from './find-enrolled.ts';
import { readHostFacts, type HostFacts } from './host-facts.ts';
import { openHostShell, type HostShell } from './host-shell.ts';
import { judgeHost, type HostVerdict } from './judge-host.ts';

/** What enrolment needs around it. */
export type EnrolServices = FleetOfEnrolment & {
  /** The agent's bundle; script, unit and the one-file agent lie beside it. */
  findAgentBundle: () => Outcome<string>;
};

export type Look = { at: HostSignIn; smtpPort: number | null };

export type LookedAt = {
  shell: HostShell;
  kit: EnrolKit;
  facts: HostFacts;
  verdict: HostVerdict;
  ours: Enrolled | null;
};

/** RFC 5321's port, which a configuration has unless it says otherwise. */
const usualPort = 25;

/** Signs in, looks, leaves. */
export async function checkHost(
  services: EnrolServices,
  look: Look,
  signal?: AbortSignal,
): Promise<Outcome<EnrolReport>> {
  const looked = await lookAtHost(services, look, signal);
  if (!looked.ok) return looked;
  looked.value.shell.close();
  return done(looked.value.verdict.report);
}

/** The look with the connection still open: the caller closes it. */
export async function lookAtHost(
  services: EnrolServices,
  { at, smtpPort }: Look,
  signal?: AbortSignal,
): Promise<Outcome<LookedAt>> {
  const bundle = services.findAgentBundle();
  if (!bundle.ok) return bundle;
  const kit = await openEnrolKit(bundle.value);
  if (!kit.ok) return kit;
  const ours = await findEnrolled(services, at);
  if (!ours.ok) return ours;
  const shell = await openHostShell(at, kit.value.script, signal);
  if (!shell.ok) return shell;
  const port = smtpPort ?? usualPort;
  const lines = await shell.value.run({ values: { task: 'inspect', port: String(port) }, signal });
  const result = lines.ok ? lines.value.at(-1) : undefined;
  if (!lines.ok || result?.[1] !== 'done') {
    shell.value.close();
    return lines.ok ? failed('host-unfit', `${at.host} could not be looked at: ${result?.[3] || result?.[2]}.`) : lines;
  }
  const facts = readHostFacts(lines.value);
  const keyBlob = ours.value?.key?.blob ?? null;
  const verdict = judgeHost(facts, { kit: kit.value, keyBlob, smtpPort: port });
  return done({ shell: shell.value, kit: kit.value, facts, verdict, ours: ours.value });
}
