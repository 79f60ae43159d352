// A small picture of one number over time.

const width = 160;
const height = 28;

/** A line from the oldest sample left to the newest right. */
export function Sparkline({ samples, label }: { samples: number[]; label: string }) {
  const top = Math.max(1, ...samples);
  const stepWidth = width / Math.max(1, samples.length - 1);
  const points = samples.map((value, i) => `${i * stepWidth},${height - 2 - (value / top) * (height - 4)}`).join(' ');
  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${width} ${height}`} width={width} height={height}>
      {samples.length > 1 && (
        <polyline points={points} fill="none" stroke="var(--tone-accent)" strokeWidth={1.5} strokeLinejoin="round" />
      )}
    </svg>
  );
}
