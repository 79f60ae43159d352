// What a review says of SMTP and Connections, field by field: its label, its words, its consequence.
// Message Rule and Message Delivery are in difference-mail-fields.ts, lists in difference.ts.
import type { z } from 'zod';
import { ConnectionControl, SmtpConfig, SmtpInterface, TransportLayerSecurity, type ListenOn } from './config.ts';
import type { Change, Snapshot } from './difference.ts';
import type { FileReference } from './files.ts';
import type { CertificateFacts } from './replies.ts';

/** `identity` is compared where the words alone would not tell two values apart. */
export type ValueField = {
  section: Change['section'];
  field: string;
  label: string;
  words: (snapshot: Snapshot) => string;
  identity?: (snapshot: Snapshot) => string;
  note?: (before: Snapshot, after: Snapshot) => string | undefined;
};

/** The label that the schema gives a field, so that the review and the form say the same word. */
export function labelOf(schema: z.ZodType): string {
  const label = schema.meta()?.['label'];
  return typeof label === 'string' ? label : '';
}

const newOnly = (): string => 'New connections only; open ones go on.';
/** A switch in words. */
export const onOrOff = (isOn: boolean): string => (isOn ? 'On' : 'Off');
const interfaceOf = (snapshot: Snapshot): SmtpInterface => snapshot.config.connections.interface;
const tlsOf = (snapshot: Snapshot): TransportLayerSecurity => snapshot.config.connections.tls;

/** SMTP Routing > SMTP. */
export const smtpFields: ValueField[] = [
  {
    section: 'SMTP',
    field: 'smtp.greetingName',
    label: labelOf(SmtpConfig.shape.greetingName),
    words: ({ config }) => config.smtp.greetingName ?? "The host's own name",
    note: newOnly,
  },
  {
    section: 'SMTP',
    field: 'smtp.bannerText',
    label: labelOf(SmtpConfig.shape.bannerText),
    words: ({ config }) => config.smtp.bannerText ?? 'None',
    note: newOnly,
  },
  {
    section: 'SMTP',
    field: 'smtp.heloName',
    label: labelOf(SmtpConfig.shape.heloName),
    words: ({ config }) => config.smtp.heloName ?? 'The greeting name',
  },
  {
    section: 'SMTP',
    field: 'smtp.postmaster',
    label: labelOf(SmtpConfig.shape.postmaster),
    words: ({ config }) => config.smtp.postmaster ?? 'postmaster at the greeting name',
  },
];

/** SMTP Interface. */
export const interfaceFields: ValueField[] = [
  {
    section: 'SMTP Interface',
    field: 'connections.interface.listenOn',
    label: labelOf(SmtpInterface.shape.listenOn),
    words: (snapshot) => describeListenOn(interfaceOf(snapshot).listenOn),
    note: newOnly,
  },
  {
    section: 'SMTP Interface',
    field: 'connections.interface.port',
    label: labelOf(SmtpInterface.shape.port),
    words: (snapshot) => String(interfaceOf(snapshot).port),
    note: newOnly,
  },
  {
    section: 'SMTP Interface',
    field: 'connections.interface.idleTimeoutMinutes',
    label: labelOf(SmtpInterface.shape.idleTimeoutMinutes),
    words: (snapshot) => inMinutes(interfaceOf(snapshot).idleTimeoutMinutes),
  },
  {
    section: 'SMTP Interface',
    field: 'connections.interface.maxConnections',
    label: labelOf(SmtpInterface.shape.maxConnections),
    words: (snapshot) => inNumbers(interfaceOf(snapshot).maxConnections),
    note: (before, after) =>
      (interfaceOf(after).maxConnections ?? Infinity) < (interfaceOf(before).maxConnections ?? Infinity)
        ? 'Cuts nobody: open connections go on, new ones over the limit get 421.'
        : undefined,
  },
];

/** The switch between the two lists. */
export const modeField: ValueField = {
  section: 'Connection Control',
  field: 'connections.control.mode',
  label: labelOf(ConnectionControl.shape.mode),
  words: ({ config }) =>
    config.connections.control.mode === 'accept-except'
      ? 'Accept all, except the following list'
      : 'Deny all, except the following list',
  note: (_, { config }) =>
    config.connections.control.mode === 'accept-except'
      ? 'The deny list decides; the permit list is kept.'
      : 'The permit list decides; the deny list is kept.',
};

/** Transport Layer Security. Of a private key only that it changed is ever told. */
export const tlsFields: ValueField[] = [
  {
    section: 'Transport Layer Security',
    field: 'connections.tls.offersStartTls',
    label: labelOf(TransportLayerSecurity.shape.offersStartTls),
    words: (snapshot) => onOrOff(tlsOf(snapshot).offersStartTls),
    note: (_, after) => (tlsOf(after).offersStartTls ? undefined : 'Clients will send in clear.'),
  },
  {
    section: 'Transport Layer Security',
    field: 'connections.tls.requiresStartTls',
    label: labelOf(TransportLayerSecurity.shape.requiresStartTls),
    words: (snapshot) => onOrOff(tlsOf(snapshot).requiresStartTls),
    note: (_, after) =>
      tlsOf(after).requiresStartTls ? 'Clients without TLS get 530 5.7.0 and cannot deliver.' : undefined,
  },
  {
    section: 'Transport Layer Security',
    field: 'connections.tls.caCertificate',
    label: labelOf(TransportLayerSecurity.shape.caCertificate),
    words: (snapshot) => describeCertificate(tlsOf(snapshot).caCertificate, snapshot.caCertificate),
    identity: (snapshot) => hashOf(tlsOf(snapshot).caCertificate),
  },
  {
    section: 'Transport Layer Security',
    field: 'connections.tls.privateKey',
    label: labelOf(TransportLayerSecurity.shape.privateKey),
    words: (snapshot) => (tlsOf(snapshot).privateKey === null ? 'None' : 'A private key'),
    identity: (snapshot) => hashOf(tlsOf(snapshot).privateKey),
  },
  {
    section: 'Transport Layer Security',
    field: 'connections.tls.certificate',
    label: labelOf(TransportLayerSecurity.shape.certificate),
    words: (snapshot) => describeCertificate(tlsOf(snapshot).certificate, snapshot.certificate),
    identity: (snapshot) => hashOf(tlsOf(snapshot).certificate),
    note: newOnly,
  },
  {
    section: 'Transport Layer Security',
    field: 'connections.tls.outgoing',
    label: labelOf(TransportLayerSecurity.shape.outgoing),
    words: (snapshot) => outgoingWords[tlsOf(snapshot).outgoing],
    note: (_, after) =>
      tlsOf(after).outgoing === 'required' ? 'Mail is never sent in clear; the next hop is verified.' : undefined,
  },
  {
    section: 'Transport Layer Security',
    field: 'connections.tls.outgoingCa',
    label: labelOf(TransportLayerSecurity.shape.outgoingCa),
    words: (snapshot) => describeCertificate(tlsOf(snapshot).outgoingCa, null),
    identity: (snapshot) => hashOf(tlsOf(snapshot).outgoingCa),
  },
];

const outgoingWords = { off: 'Off', opportunistic: 'Opportunistic', required: 'Required' } as const;

function describeListenOn(listenOn: ListenOn): string {
  switch (listenOn.kind) {
    case 'loopback':
      return 'Loopback';
    case 'all':
      return 'All interfaces';
    case 'selected':
      return listenOn.addresses.join(', ');
  }
}

/** `1,000`. Not toLocaleString: its first use takes 14 ms, in a process that is started for every question. */
function inNumbers(limit: number | null): string {
  return limit === null ? 'No limit' : String(limit).replace(/\B(?=(\d{3})+$)/g, ',');
}

function inMinutes(minutes: number): string {
  return minutes === 1 ? '1 minute' : `${minutes} minutes`;
}

/** Subject and last day; a file that could not be read is named by its hash. */
function describeCertificate(reference: FileReference | null, facts: CertificateFacts | null): string {
  if (reference === null) return 'None';
  if (facts === null) return `file ${hashOf(reference).slice(0, 12)}`;
  return `${facts.subject}, valid until ${facts.notAfter.slice(0, 10)}`;
}

function hashOf(reference: FileReference | null): string {
  return reference?.sha256 ?? '';
}
