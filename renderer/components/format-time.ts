// Times for people: how long ago, how long still, how long it took.

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

function count(n: number, unit: string): string {
  return `${n} ${unit}${n === 1 ? '' : 's'}`;
}

function span(milliseconds: number): string {
  if (milliseconds < minute) return count(Math.max(1, Math.floor(milliseconds / 1000)), 'second');
  if (milliseconds < 2 * hour) return count(Math.round(milliseconds / minute), 'minute');
  if (milliseconds < 2 * day) return count(Math.round(milliseconds / hour), 'hour');
  return count(Math.round(milliseconds / day), 'day');
}

/** '3 minutes ago'; under ten seconds 'just now'. */
export function formatAgo(iso: string, now: number): string {
  const passed = now - Date.parse(iso);
  return passed < 10_000 ? 'just now' : `${span(passed)} ago`;
}

/** 'in 364 days', or 'expired 3 days ago'. */
export function formatExpiry(iso: string, now: number): string {
  const left = Date.parse(iso) - now;
  return left >= 0 ? `in ${span(left)}` : `expired ${span(-left)} ago`;
}

/** Whole days until then; negative when past. */
export function daysUntil(iso: string, now: number): number {
  return Math.floor((Date.parse(iso) - now) / day);
}

/** '2026-11-24 14:05', local time. */
export function formatMoment(iso: string): string {
  const at = new Date(iso);
  const two = (n: number): string => String(n).padStart(2, '0');
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${date} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** '38 ms', '1.4 s'. */
export function formatTaken(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** '412', '1,204': grouped the same way in every locale, so that pictures and words agree. */
export function formatCount(n: number): string {
  return n.toLocaleString('en-US');
}

/** `1 gateway`, `1,000 gateways`. */
export function countGateways(n: number): string {
  return n === 1 ? '1 gateway' : `${formatCount(n)} gateways`;
}
