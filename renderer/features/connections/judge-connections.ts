// What keeps a draft of the Connections screen from being saved, and what it should be warned of, field by field. The
// rules of single fields are the contract's own; here stand those between fields that the window can see.
import { ListenOn, SmtpInterface } from '#contract/config';
import type { FileFacts } from '#contract/fleet';
import type { Draft } from '#ipc';

/** Problems by path in the settings; an empty record can be saved. */
export type Problems = Record<string, string>;

type Tls = Draft['settings']['connections']['tls'];
type Files = Readonly<Record<string, FileFacts>>;

const wholeNumber = (min: number, max: number): string =>
  `Use a whole number from ${min} to ${max.toLocaleString('en')}.`;

/** All problems of the three sections that follow from the draft and the stored files. */
export function judgeConnections(draft: Draft, files: Files): Problems {
  const { interface: smtp, tls } = draft.settings.connections;
  const problems: Problems = {};
  if (smtp.listenOn.kind === 'selected') {
    const listenOn = ListenOn.safeParse(smtp.listenOn);
    if (!listenOn.success) problems['connections.interface.listenOn'] = listenProblem(smtp.listenOn.addresses);
  }
  if (!SmtpInterface.shape.port.safeParse(smtp.port).success) {
    problems['connections.interface.port'] = wholeNumber(1, 65535);
  } else if (smtp.port === 465) {
    problems['connections.interface.port'] =
      'Port 465 is for TLS from the first byte, which this listener does not speak. Use 25 with STARTTLS.';
  }
  if (!SmtpInterface.shape.idleTimeoutMinutes.safeParse(smtp.idleTimeoutMinutes).success) {
    problems['connections.interface.idleTimeoutMinutes'] = wholeNumber(1, 1440);
  }
  if (!SmtpInterface.shape.maxConnections.safeParse(smtp.maxConnections).success) {
    problems['connections.interface.maxConnections'] = wholeNumber(1, 65535);
  }
  return { ...problems, ...judgeTls(tls, files) };
}

function listenProblem(addresses: readonly string[]): string {
  if (addresses.length === 0) return 'Select at least one address.';
  const single = ListenOn.options[2].shape.addresses.element;
  const bad = addresses.find((address) => !single.safeParse(address).success);
  return bad === undefined ? 'Select 64 addresses at most.' : `${bad} is not an IP address.`;
}

function judgeTls(tls: Tls, files: Files): Problems {
  const problems: Problems = {};
  const offer = judgeOffer(tls, files);
  if (tls.offersStartTls && offer !== null) problems['connections.tls.offersStartTls'] = offer;
  else if (keyMatch(tls, files) === 'mismatch') problems['connections.tls.privateKey'] = mismatchWords;
  if (tls.requiresStartTls && !tls.offersStartTls) {
    problems['connections.tls.requiresStartTls'] =
      'TLS can only be required where it is offered. Enable incoming TLS first.';
  }
  return problems;
}

const mismatchWords = 'The private key does not belong to this certificate. Upload the matching one.';

/** Why incoming TLS cannot be offered, in words; null where it can. */
export function judgeOffer(tls: Tls, files: Files): string | null {
  if (tls.privateKey === null && tls.certificate === null) {
    return 'Needs a private key and an SMTP server certificate: upload both below.';
  }
  if (tls.privateKey === null) return 'Needs the private key of the certificate: upload it below.';
  if (tls.certificate === null) return 'Needs the SMTP server certificate of the key: upload it below.';
  return keyMatch(tls, files) === 'mismatch' ? mismatchWords : null;
}

/** Whether key and certificate belong together; unknown while one is missing or nothing is known of it. */
export function keyMatch(tls: Tls, files: Files): 'match' | 'mismatch' | 'unknown' {
  const key = tls.privateKey === null ? undefined : files[tls.privateKey]?.key?.spkiSha256;
  const certificate = tls.certificate === null ? undefined : files[tls.certificate]?.spkiSha256;
  if (key === undefined || certificate === undefined) return 'unknown';
  return key === certificate ? 'match' : 'mismatch';
}

/** Parts of the schema that the fields show: limits and defaults have one source. */
export const fieldLabels = {
  listenOn: label(SmtpInterface.shape.listenOn.meta()),
  port: label(SmtpInterface.shape.port.meta()),
  idleTimeoutMinutes: label(SmtpInterface.shape.idleTimeoutMinutes.meta()),
  maxConnections: label(SmtpInterface.shape.maxConnections.meta()),
} as const;

function label(meta: Record<string, unknown> | undefined): string {
  const text = meta?.['label'];
  return typeof text === 'string' ? text : '';
}
