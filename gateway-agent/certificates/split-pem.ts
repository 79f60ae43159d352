// Takes a PEM file apart into its blocks, whatever stands between them. What a block is worth is judged elsewhere.
import { done, failed, type Outcome } from '#contract/outcome';

/** One block; `text` has LF line ends and ends in one. */
export type PemBlock = { label: string; text: string };

/** A bundle of every public CA has about 220 KB; anything over this is no certificate file. */
const maxPemCharacters = 1024 * 1024;

const beginLine = /^-----BEGIN ([A-Z0-9 ]+)-----$/;

/** The blocks in their order, at least one; `fileWords` names the file in the refusal. */
export function splitPem(raw: string, fileWords: string): Outcome<PemBlock[]> {
  if (raw.length > maxPemCharacters)
    return failed('certificate-rejected', `${fileWords} is over 1 MB: not a PEM file.`);
  const blocks: PemBlock[] = [];
  let open: { label: string; lines: string[] } | null = null;
  for (const rawLine of raw.split(/\r\n|\r|\n/)) {
    const line = rawLine.trim();
    const label = beginLine.exec(line)?.[1];
    if (open === null) {
      if (label !== undefined) open = { label, lines: [line] };
      continue;
    }
    if (label !== undefined) break; // a block begins inside another: the open one is cut off
    open.lines.push(line);
    if (line !== `-----END ${open.label}-----`) continue;
    blocks.push({ label: open.label, text: `${open.lines.join('\n')}\n` });
    open = null;
  }
  if (open !== null)
    return failed('certificate-rejected', `${fileWords} is cut off: the block ${open.label} has no end.`);
  return blocks.length > 0 ? done(blocks) : notPem(raw, fileWords);
}

/** True for every kind of private key, encrypted or not. */
export function isPrivateKeyBlock({ label }: PemBlock): boolean {
  return label.endsWith('PRIVATE KEY');
}

/** True for a certificate; `X509 CERTIFICATE` is the old name that OpenSSL still reads. */
export function isCertificateBlock({ label }: PemBlock): boolean {
  return label === 'CERTIFICATE' || label === 'X509 CERTIFICATE';
}

function notPem(raw: string, fileWords: string): Outcome<never> {
  // DER and PKCS#12 both start with an ASN.1 SEQUENCE, which is the character '0'.
  const isBinary = raw.startsWith('0') && (raw.includes('\0') || raw.includes('\ufffd'));
  if (raw.trim() === '') return failed('certificate-rejected', `${fileWords} is empty.`);
  return failed(
    'certificate-rejected',
    isBinary ? `${fileWords} is binary (DER or PKCS#12), not PEM.` : `${fileWords} is not PEM.`,
    'A PEM file is text with a line that starts with -----BEGIN.',
  );
}
