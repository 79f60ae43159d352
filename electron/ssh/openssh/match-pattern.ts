// The patterns of ssh_config(5) and known_hosts: `*`, `?`, and `!` for an exception.

/** One pattern without `!`. Backtracks to the last `*` only, so a hostile pattern costs no more than its length squared. */
export function matchesPattern(text: string, pattern: string): boolean {
  let at = 0;
  let inPattern = 0;
  let star = -1;
  let afterStar = 0;
  while (at < text.length) {
    const wanted = pattern[inPattern];
    if (wanted === '*') {
      star = inPattern++;
      afterStar = at;
    } else if (wanted === '?' || wanted === text[at]) {
      inPattern += 1;
      at += 1;
    } else if (star >= 0) {
      inPattern = star + 1;
      at = ++afterStar;
    } else return false;
  }
  while (pattern[inPattern] === '*') inPattern += 1;
  return inPattern === pattern.length;
}

/** A list matches where one of its patterns does and no exception of it. */
export function matchesPatterns(text: string, patterns: readonly string[]): boolean {
  let isMatch = false;
  for (const pattern of patterns) {
    const isException = pattern.startsWith('!');
    if (!matchesPattern(text, isException ? pattern.slice(1) : pattern)) continue;
    if (isException) return false;
    isMatch = true;
  }
  return isMatch;
}
