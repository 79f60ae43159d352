// How long a message waits, in words short enough for a table: the window and the command say it alike.

const units = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
] as const;

/** '3 d 4 h', '12 min', '5 s': the largest unit, and for days the next one unless `isShort`. */
export function formatAge(seconds: number, isShort = false): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [unit, size] = units.find(([, length]) => whole >= length) ?? ['s', 1];
  const count = `${Math.floor(whole / size)} ${unit}`;
  const hours = Math.floor((whole % 86_400) / 3600);
  return unit === 'd' && hours > 0 && !isShort ? `${count} ${hours} h` : count;
}
