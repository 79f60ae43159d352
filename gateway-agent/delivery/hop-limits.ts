// How long one step of a delivery may take: RFC 5321 §4.5.3.2, in minutes. `connect` and `tls` are Postfix' 30 s and 5
// min, the latter cut because a handshake is two round trips.
/** In minutes. */
export const hopMinutes = {
  connect: 0.5,
  tls: 1,
  greeting: 5,
  mail: 5,
  rcpt: 5,
  dataStart: 2,
  block: 3,
  finalDot: 10,
  /** An idle connection is kept this long for the next message, below every known server's own limit. */
  idle: 0.1,
} as const;
