// Files that a release names: where they lie in it and which content they have.
import { z } from 'zod';

/** Lower-case hexadecimal SHA-256. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'Not a SHA-256 in lower-case hexadecimal.');
export type Sha256 = z.infer<typeof Sha256>;

/** A revision is the SHA-256 of a configuration's canonical JSON. */
export const Revision = Sha256.describe('A revision.');
export type Revision = z.infer<typeof Revision>;

/** One place for each purpose, so that no path of a request ever reaches the file system unchecked. */
export const releasePaths = {
  certificate: 'tls/server.pem',
  privateKey: 'tls/server.key',
  caCertificate: 'tls/ca.pem',
  outgoingCa: 'tls/outgoing-ca.pem',
  denyList: 'lists/deny.txt',
  permitList: 'lists/permit.txt',
} as const;
export type FilePurpose = keyof typeof releasePaths;
export type ReleasePath = (typeof releasePaths)[FilePurpose];

/** A reference to one file of the release; `path` is fixed by the field that holds it. */
export function fileReference<P extends FilePurpose>(purpose: P) {
  return z.strictObject({ path: z.literal(releasePaths[purpose]), sha256: Sha256 });
}
export type FileReference = { path: ReleasePath; sha256: Sha256 };

/** Content on the wire, keyed by SHA-256 of the content after decoding. */
export const BundledFile = z.strictObject({
  encoding: z.enum(['base64', 'gzip+base64']),
  data: z.base64(),
});
export type BundledFile = z.infer<typeof BundledFile>;

/** 12 hexadecimal digits: what a person compares. */
export function shortRevision(revision: Revision): string {
  return revision.slice(0, 12);
}
