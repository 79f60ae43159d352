// Turns a release into what runs: compiled lists, a proved TLS context, the way to the next hop. Everything that can
// fail fails here, before anything that serves is touched.
import { hostname } from 'node:os';
import { judgeTls } from '#certificates/judge-tls';
import { readCertificate } from '#certificates/read-certificate';
import { servedChain } from '#certificates/served-chain';
import { defaultConfig } from '#contract/config';
import type { ReleasePath } from '#contract/files';
import { done, failed, type Outcome } from '#contract/outcome';
import type { CertificateFacts } from '#contract/replies';
import type { HopTarget } from '../delivery/open-hop.ts';
import { RelaySession } from '../delivery/relay-session.ts';
import { buildPolicy } from '../policy/build-policy.ts';
import type { SmtpSettings } from '../smtp/smtp-settings.ts';
import { buildTlsContext } from '../smtp/tls-context.ts';
import type { LoadedRelease } from '../store/release-store.ts';

/** A release ready to run. `certificate` is what STARTTLS serves, null while it is not offered. */
export type Runtime = { settings: SmtpSettings; certificate: CertificateFacts | null };

type Surroundings = {
  /** A candidate must be faultless; what was confirmed once must not stop because its certificate has expired since. */
  isCandidate: boolean;
  minuteMilliseconds: number;
  notice: (words: string) => void;
  isOurselves: (address: string, port: number) => boolean;
};

/** judgeTls' code for a certificate whose time is over. */
const expired = 'certificate-expired';
const bytesPerMegabyte = 1024 * 1024;

/** Builds it all, or says which file or list is not fit. */
export function buildRuntime(release: LoadedRelease, surroundings: Surroundings): Outcome<Runtime> {
  const { config } = release;
  const tls = buildTls(release, surroundings.isCandidate);
  if (!tls.ok) return tls;
  const policy = buildPolicy(config, {
    denyText: textOf(release, 'lists/deny.txt') ?? '',
    permitText: textOf(release, 'lists/permit.txt') ?? '',
  });
  if (policy.control.list.refused.length > 0) {
    return failed('list-rejected', 'The address list has lines that are no entries.', 'Import the list again.');
  }
  const greetingName = config.smtp.greetingName ?? hostname();
  const hop = buildTarget(release, { ...surroundings, greetingName });
  const settings: SmtpSettings = {
    greetingName,
    idleTimeoutMilliseconds: config.connections.interface.idleTimeoutMinutes * surroundings.minuteMilliseconds,
    maxMessageBytes: config.messageRule.maxMessageMegabytes * bytesPerMegabyte,
    maxRecipients: config.messageRule.maxRecipients,
    policy,
    tlsContext: tls.value?.context ?? null,
    openRelay: () => new RelaySession(hop.target),
    takes8bit: hop.takes8bit,
  };
  return done({ settings, certificate: tls.value?.facts ?? null });
}

/** Settings while nothing is served: no listener leads here, so they only have to be harmless. */
export function idleSettings(minuteMilliseconds: number): SmtpSettings {
  const { connections, messageRule } = defaultConfig;
  return {
    greetingName: hostname(),
    idleTimeoutMilliseconds: connections.interface.idleTimeoutMinutes * minuteMilliseconds,
    maxMessageBytes: messageRule.maxMessageMegabytes * bytesPerMegabyte,
    maxRecipients: messageRule.maxRecipients,
    policy: buildPolicy(defaultConfig, { denyText: '', permitText: '' }),
    tlsContext: null,
    openRelay: () => new RelaySession(null),
    takes8bit: () => false,
  };
}

function buildTls(release: LoadedRelease, isCandidate: boolean) {
  if (!release.config.connections.tls.offersStartTls) return done(null);
  const certificate = textOf(release, 'tls/server.pem');
  const privateKey = textOf(release, 'tls/server.key');
  if (certificate === null || privateKey === null) {
    return failed('certificate-rejected', 'STARTTLS cannot be offered without a private key and a certificate.');
  }
  const caCertificate = textOf(release, 'tls/ca.pem');
  const files = { certificate, privateKey, caCertificate, outgoingCa: textOf(release, 'tls/outgoing-ca.pem') };
  const findings = judgeTls(files, { hostNames: [], now: new Date() });
  const errors = findings.filter(({ severity, code }) => severity === 'error' && (isCandidate || code !== expired));
  if (errors[0]) return failed('certificate-rejected', errors[0].message, errors[0].hint);
  const read = readCertificate(certificate);
  if (!read.ok) return read;
  const context = buildTlsContext({ chain: servedChain(certificate, caCertificate), privateKey });
  return context.ok ? done({ context: context.value, facts: read.value.facts }) : context;
}

/** The next hop with what was last learned about it, which lasts as long as this configuration. */
function buildTarget(release: LoadedRelease, surroundings: Surroundings & { greetingName: string }) {
  const { nextHop } = release.config.messageDelivery;
  let takes8bit = true; // until the next hop says otherwise; RFC 1652 is of 1994
  const target: HopTarget | null = nextHop && {
    ...nextHop,
    tls: release.config.connections.tls.outgoing,
    ownCa: textOf(release, 'tls/outgoing-ca.pem'),
    heloName: surroundings.greetingName,
    minuteMilliseconds: surroundings.minuteMilliseconds,
    isOurselves: surroundings.isOurselves,
    onClear: (reason) => surroundings.notice(`Sent in clear to ${nextHop.host}: ${reason}`),
    onExtensions: (extensions) => {
      takes8bit = extensions.has('8BITMIME');
    },
  };
  return { target, takes8bit: () => takes8bit };
}

function textOf({ files }: LoadedRelease, path: ReleasePath): string | null {
  return files.get(path)?.toString('utf8') ?? null;
}
