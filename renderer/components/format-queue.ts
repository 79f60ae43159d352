// Ages and sizes of waiting messages, short enough for a table.

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

/** '912 B', '4.2 KB', '25 MB': decimal, as the limits are. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const [value, unit] = bytes < 1e6 ? [bytes / 1e3, 'KB'] : bytes < 1e9 ? [bytes / 1e6, 'MB'] : [bytes / 1e9, 'GB'];
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}
