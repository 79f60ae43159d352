// A certificate's validity in words, with what must be said aloud: over, not yet begun, soon over.

/** `remark` stands below the facts where there is something to do. */
export type Validity = { words: string; tone: 'warning' | 'bad'; remark: string | null };

type Period = { notBefore: string; notAfter: string };

const day = 24 * 60 * 60 * 1000;
/** connections.md: warned within 30 days. */
const warnDays = 30;

/** Days are whole ones: what is begun does not count. */
export function describeValidity({ notBefore, notAfter }: Period, now: Date): Validity {
  const distance = Date.parse(notAfter) - now.getTime();
  const left = Math.floor(Math.abs(distance) / day);
  const until = `${formatDay(notBefore)} to ${formatDay(notAfter)}`;
  if (distance <= 0) {
    return { words: until, tone: 'bad', remark: `Expired ${countDays(left)} ago. Upload a current certificate.` };
  }
  if (Date.parse(notBefore) > now.getTime()) {
    return { words: until, tone: 'bad', remark: `Not valid before ${formatDay(notBefore)}.` };
  }
  const words = `${until}, ${countDays(left)} left`;
  const remark = left < warnDays ? `Expires in ${countDays(left)}. Have the next certificate ready.` : null;
  return { words, tone: 'warning', remark };
}

function countDays(days: number): string {
  if (days === 0) return 'less than a day';
  return days === 1 ? '1 day' : `${days.toLocaleString('en')} days`;
}

/** The day in UTC, as certificates count: 12 Mar 2027. */
function formatDay(iso: string): string {
  return new Date(iso).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  });
}
