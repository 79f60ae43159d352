// What the benchmark needs of a server that it measures.
import type { PeerName } from './options.ts';

/** A running gateway that relays all mail for `bench.test` from 127.0.0.1 to its sink. */
export type Peer = { name: PeerName; port: number; pid: number; end(): Promise<void> };

/** The domain that all mail is for. */
export const recipientDomain = 'bench.test';

/** The same limit for every peer; it is the default of two of the three. */
export const maxConnectionsToSink = 20;
