// Turns a release into what runs: compiled lists, a proved TLS context, routes. Everything that can fail fails here,
// before anything that serves is touched.
import { judgeTls } from '#certificates/judge-tls';
import { readCertificate } from '#certificates/read-certificate';
import { servedChain } from '#certificates/served-chain';
import { defaultConfig, type GatewayConfig } from '#contract/config';
import type { ReleasePath } from '#contract/files';
import { done, failed, type Outcome } from '#contract/outcome';
import type { CertificateFacts } from '#contract/replies';
import type { DeliverySettings } from '../delivery/delivery-settings.ts';
import type { MailResolver } from '../delivery/find-servers.ts';
import type { PeerPolicies } from '../delivery/peer-policy/peer-policies.ts';
import { buildPolicy, type Policy } from '../policy/build-policy.ts';
import type { SmtpSettings } from '../smtp/smtp-settings.ts';
import { buildTlsContext } from '../smtp/tls-context.ts';
import type { LoadedRelease } from '../store/release-store.ts';
import { buildDelivery, greetingNameOf, postmasterOf } from './build-delivery.ts';
import { ownInterfaces } from './own-interfaces.ts';

/** A release ready to run. `certificate` is what STARTTLS serves, null while it is not offered. */
export type Runtime = { settings: SmtpSettings; delivery: DeliverySettings; certificate: CertificateFacts | null };

type Surroundings = {
  /** A candidate must be faultless; what was confirmed once must not stop because its certificate has expired since. */
  isCandidate: boolean;
  minuteMilliseconds: number;
  resolver: MailResolver;
  peerPolicies: PeerPolicies;
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
  const policy = policyOf(release);
  if (policy.control.list.refused.length > 0) {
    return failed('list-rejected', 'The address list has lines that are no entries.', 'Import the list again.');
  }
  const settings = buildSettings(config, { policy, minuteMilliseconds: surroundings.minuteMilliseconds });
  settings.tlsContext = tls.value?.context ?? null;
  const outgoingCa = textOf(release, 'tls/outgoing-ca.pem');
  const delivery = buildDelivery({ config, policy, outgoingCa }, surroundings);
  return done({ settings, delivery, certificate: tls.value?.facts ?? null });
}

/** What the decisions read of a release. */
export function policyOf(release: LoadedRelease): Policy {
  const files = {
    denyText: textOf(release, 'lists/deny.txt') ?? '',
    permitText: textOf(release, 'lists/permit.txt') ?? '',
  };
  return buildPolicy(release.config, files, ownInterfaces());
}

/** Settings while nothing is served: no listener leads here, so they only have to be harmless. */
export function idleSettings(minuteMilliseconds: number): SmtpSettings {
  const policy = buildPolicy(defaultConfig, { denyText: '', permitText: '' });
  return buildSettings(defaultConfig, { policy, minuteMilliseconds });
}

function buildSettings(
  config: GatewayConfig,
  { policy, minuteMilliseconds }: { policy: Policy; minuteMilliseconds: number },
): SmtpSettings {
  return {
    greetingName: greetingNameOf(config),
    bannerText: config.smtp.bannerText,
    postmaster: postmasterOf(config),
    idleTimeoutMilliseconds: config.connections.interface.idleTimeoutMinutes * minuteMilliseconds,
    maxMessageBytes: config.messageRule.maxMessageMegabytes * bytesPerMegabyte,
    maxRecipients: config.messageRule.maxRecipients,
    policy,
    tlsContext: null,
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

function textOf({ files }: LoadedRelease, path: ReleasePath): string | null {
  return files.get(path)?.toString('utf8') ?? null;
}
