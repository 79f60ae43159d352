// Which daily backups are kept: pure, days in, days out.

/** A week of days, so that what went wrong before the weekend is found after it; a month of weeks. */
const keptDays = 7;
const keptWeeks = 4;

/** The day here, as it names a backup: '2026-11-24'. */
export function dayOf(now: Date): string {
  const two = (number: number) => String(number).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** The days to forget: all but the last seven, and the newest day of each of the last four weeks before theirs. */
export function daysToForget(days: readonly string[]): string[] {
  const newestFirst = days.toSorted().toReversed();
  const [recent, older] = [newestFirst.slice(0, keptDays), newestFirst.slice(keptDays)];
  const weeks = new Set(recent.map(mondayOf));
  const kept = new Set<string>();
  for (const day of older) {
    if (kept.size === keptWeeks || weeks.has(mondayOf(day))) continue;
    weeks.add(mondayOf(day));
    kept.add(day);
  }
  return older.filter((day) => !kept.has(day));
}

function mondayOf(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
  return date.toISOString().slice(0, 10);
}
