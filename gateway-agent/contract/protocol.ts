// The version of the SSH wire, with its history.

/**
 * One number for everything on the SSH wire. Raise it when either side must know.
 *  1  2026-11-24  hello, check, apply, confirm, abandon, rollback, releases, status, explain, queue,
 *                 fetch
 */
export const protocolVersion = 1;

/** A request, bundle included, ends at this size; Postern's own limit: 25 times a list of 100,000 entries. */
export const maxRequestBytes = 64 * 1024 * 1024;

/** Files up to this size ride along with every push; larger ones only if the gateway lacks them. */
export const rideAlongBytes = 64 * 1024;

/** Content that one `fetch` sends, encoded: a reply ends at 16 MiB, and its configuration may need a few of them. */
export const maxFetchedBytes = 10 * 1024 * 1024;

/** Releases kept on a gateway, the confirmed one included. */
export const releasesKept = 20;
