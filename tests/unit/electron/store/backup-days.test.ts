import { describe, expect, it } from 'vitest';
import { dayOf, daysToForget } from '../../../../electron/store/backup-days.ts';

/** Works on every day, or only on some; what is there at the end. */
function keep(first: string, count: number, works: (date: Date) => boolean = () => true): string[] {
  let days: string[] = [];
  for (let index = 0; index < count; index++) {
    const date = new Date(`${first}T12:00:00Z`);
    date.setUTCDate(date.getUTCDate() + index);
    if (!works(date)) continue;
    days.push(date.toISOString().slice(0, 10));
    const forgotten = new Set(daysToForget(days));
    days = days.filter((day) => !forgotten.has(day));
  }
  return days;
}

describe('daysToForget', () => {
  it('keeps the last seven days, and the last day of each of the four weeks before them', () => {
    // 2026-11-24 is a Tuesday; Sundays end weeks.
    expect(keep('2026-01-01', 328)).toEqual([
      '2026-10-25',
      '2026-11-01',
      '2026-11-08',
      '2026-11-15',
      '2026-11-18',
      '2026-11-19',
      '2026-11-20',
      '2026-11-21',
      '2026-11-22',
      '2026-11-23',
      '2026-11-24',
    ]);
  });

  it('counts days on which somebody worked, so that a long absence loses nothing', () => {
    const mondays = keep('2026-06-01', 180, (date) => date.getUTCDay() === 1);

    expect(mondays).toHaveLength(11); // seven days, four weeks
    expect(mondays.at(-1)).toBe('2026-11-23');
  });

  it('takes a week over the turn of a year for one', () => {
    const days = ['2025-12-29', '2026-01-02', ...Array.from({ length: 7 }, (_, index) => `2026-02-0${index + 1}`)];

    expect(daysToForget(days)).toEqual(['2025-12-29']);
  });

  it('forgets nothing while there are few', () => {
    expect(daysToForget(['2026-11-24'])).toEqual([]);
    expect(daysToForget([])).toEqual([]);
  });
});

describe('dayOf', () => {
  it('names the day of the clock on the wall', () => {
    expect(dayOf(new Date(2026, 0, 2, 23, 59))).toBe('2026-01-02');
  });
});
