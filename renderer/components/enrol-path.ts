// Addresses of enrolment, for every screen that leads there.

/** A bare host becomes a gateway. */
export const enrolPath = '/enrol';

/** A gateway is taken apart. */
export function unenrolPath(name: string): string {
  return `/unenrol/${name}`;
}
