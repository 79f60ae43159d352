// How findings about TLS files are worded: each names its file by the label of the field.
import type { Finding } from '#contract/replies';

/** The fields that hold files. */
export type TlsField = 'certificate' | 'privateKey' | 'caCertificate' | 'outgoingCa';

/** The file as the subject of a sentence. */
export const fileWords: Readonly<Record<TlsField, string>> = {
  certificate: 'The SMTP server certificate',
  privateKey: 'The private key',
  caCertificate: 'The CA certificate',
  outgoingCa: 'The own CA for outgoing TLS',
};

type Advice = { code: string; message: string; hint?: string };

/** An error: the file cannot be served. */
export function refuseFile(field: TlsField, { code, message, hint }: Advice): Finding {
  const found = { severity: 'error', code, field: `connections.tls.${field}`, message } as const;
  return hint === undefined ? found : { ...found, hint };
}

/** A warning: it can be served, but somebody should look. */
export function warnOfFile(field: TlsField, advice: Advice): Finding {
  return { ...refuseFile(field, advice), severity: 'warning' };
}
