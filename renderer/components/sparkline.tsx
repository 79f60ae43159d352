// A small picture of one number over time.

type Props = {
  samples: readonly number[];
  /** What it shows, for those who do not see it; without it the picture is an ornament of the words beside it. */
  label?: string;
  width?: number;
  height?: number;
  /** What stands for the top; the highest sample where it is left out. */
  top?: number | null;
};

/** A line over its own ground, from the oldest sample left to the newest right. */
export function Sparkline({ samples, label, width = 160, height = 28, top = null }: Props) {
  const highest = Math.max(1, top ?? 0, ...samples);
  const stepWidth = width / Math.max(1, samples.length - 1);
  const points = samples
    .map((value, i) => `${(i * stepWidth).toFixed(1)},${(height - 2 - (value / highest) * (height - 4)).toFixed(1)}`)
    .join(' ');
  return (
    <svg
      {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
    >
      {samples.length > 1 && (
        <>
          <polygon points={`0,${height} ${points} ${width},${height}`} fill="var(--tone-accent)" opacity={0.12} />
          <polyline points={points} fill="none" stroke="var(--tone-accent)" strokeWidth={1.5} strokeLinejoin="round" />
        </>
      )}
    </svg>
  );
}
