// Failure as a value: the closed list of codes and the shape every process answers with.

/** Every code a screen or a script can meet. `retry` says whether the same call may work later, unchanged. */
export const errorCodes = {
  'bad-request': { retry: false }, // the caller sent something the schema refuses
  'agent-too-old': { retry: false }, // upgrade the agent, then push again
  'config-rejected': { retry: false }, // the operator must change a setting
  'certificate-rejected': { retry: false }, // a PEM file is not fit to serve
  'list-rejected': { retry: false }, // an address list has a line that is not an entry
  'files-missing': { retry: true }, // the gateway lacks a file that the release names; send it along
  'port-taken': { retry: true }, // another program holds the port
  'address-missing': { retry: false }, // the gateway has no such interface address
  'proof-failed': { retry: true }, // the new listener did not show what was configured
  'daemon-down': { retry: true }, // rpc runs, the daemon does not answer
  busy: { retry: true }, // another push holds the lease or waits for its confirmation
  conflict: { retry: false }, // the gateway runs another revision than this push was made for
  'not-pending': { retry: false }, // nothing waits for this confirmation any more
  'no-such-release': { retry: false }, // the revision is not kept on the gateway
  'storage-failed': { retry: true }, // disk full or unwritable, on either side
  unreachable: { retry: true }, // no TCP, no SSH, or the reply was cut off
  'host-key-unknown': { retry: false }, // first contact: the operator must compare the fingerprint
  'host-key-changed': { retry: false }, // stopped before anything secret was sent
  'host-key-revoked': { retry: false }, // known_hosts marks this key as @revoked; nothing secret was sent
  'sign-in-failed': { retry: false }, // key, password or agent was not accepted
  'secret-needed': { retry: false }, // a passphrase or password is needed and nobody can be asked
  'vault-locked': { retry: false }, // the private-key store needs its passphrase
  'not-found': { retry: false }, // no such gateway, list or file in the fleet folder
  exists: { retry: false }, // the name is taken
  'folder-unreadable': { retry: false }, // a file of the fleet folder cannot be read; it is left untouched
  'folder-locked': { retry: true }, // another Postern writes this folder just now
  'host-unfit': { retry: false }, // a bare host cannot become a gateway as it is; the report says why
  'mail-waits': { retry: true }, // a gateway that still holds mail is not taken apart
  cancelled: { retry: true }, // the operator stopped it
  internal: { retry: true }, // a bug; the log has more
} as const satisfies Record<string, { retry: boolean }>;

export type ErrorCode = keyof typeof errorCodes;

/** What the operator needs to act on. Never holds a secret, a key path or a stack. */
export type Problem = { code: ErrorCode; message: string; hint?: string };

export type Outcome<T> = { ok: true; value: T } | { ok: false; problem: Problem };

/** A success. */
export function done<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

/** A failure: what happened to what, and the next step as `hint`. */
export function failed(code: ErrorCode, message: string, hint?: string): { ok: false; problem: Problem } {
  return { ok: false, problem: hint === undefined ? { code, message } : { code, message, hint } };
}
