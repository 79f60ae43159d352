// Who uses something that many share.

/** Names that stand in a line; more are told by their count. */
const usersTold = 5;

/** 'mx1, mx2, group edge and 3 more'. */
export function usersInWords(usedBy: readonly string[]): string {
  const rest = usedBy.length - usersTold;
  return `${usedBy.slice(0, usersTold).join(', ')}${rest > 0 ? ` and ${rest.toLocaleString('en')} more` : ''}`;
}
