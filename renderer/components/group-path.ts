// Addresses of groups, for every screen that leads there.

/** The gateways of a group, in the table. */
export function groupPath(name: string): string {
  return `/groups/${name}`;
}
