// The semantic difference between two configurations, in the words of the screen. Pure, used by agent and desktop.
import { z } from 'zod';
import type { GatewayConfig } from './config.ts';
import type { CertificateFacts } from './replies.ts';

/** One line of a review: what changes, from what, to what. Secrets appear only as changed or unchanged. */
export const Change = z.object({
  section: z.enum([
    'SMTP',
    'SMTP Interface',
    'Connection Control',
    'Transport Layer Security',
    'Message Rule',
    'Message Delivery',
  ]),
  field: z.string(), // path in the configuration: 'connections.interface.port'
  label: z.string(),
  before: z.string(),
  after: z.string(),
  /** The consequence: 'New connections only; open ones go on.' */
  note: z.string().optional(),
  /** For lists: the entries themselves, cut at 200. */
  added: z.array(z.string()).optional(),
  removed: z.array(z.string()).optional(),
});
export type Change = z.infer<typeof Change>;

/** A configuration with the content that its hashes stand for, so that a change can be told in words. */
export type Snapshot = {
  config: GatewayConfig;
  denyText: string; // '' where no list is named
  permitText: string;
  certificate: CertificateFacts | null;
  caCertificate: CertificateFacts | null;
};

/** What changes from one to the other, in the order of the screens. `before: null` compares with the defaults. */
export function describeDifference(before: Snapshot | null, after: Snapshot): Change[] { throw new Error(String(before) + String(after)); }
