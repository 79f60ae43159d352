// The waves as a picture: one bar a wave, as high as it is large, with the pause where it waits.
import { waveSizes, type WaveChoice } from './wave-plan.ts';
import classes from './rollout.module.css';

const width = 304;
const height = 72;
/** More bars than these would be lines. */
const wavesDrawn = 44;
const pauseWidth = 18;

/** Says the same as the words below it. */
export function WavePicture({ count, choice }: { count: number; choice: WaveChoice }) {
  const sizes = waveSizes(count, choice);
  const drawn = sizes.slice(0, wavesDrawn);
  const hasPause = choice.canary > 0 && choice.pausesAfterCanary && sizes.length > 1;
  const room = width - (hasPause ? pauseWidth : 0);
  const step = Math.min(28, room / Math.max(1, drawn.length));
  const highest = Math.max(1, ...drawn);
  return (
    <svg viewBox={`0 0 ${width} ${height}`} className={classes['picture']} aria-hidden>
      {drawn.map((size, at) => {
        const bar = Math.max(4, (size / highest) * (height - 18));
        const left = at * step + (at > 0 && hasPause ? pauseWidth : 0);
        const isCanary = at === 0 && choice.canary > 0;
        return (
          // oxlint-disable-next-line react/no-array-index-key -- a wave has no other name
          <g key={at}>
            <rect
              x={left}
              y={height - 14 - bar}
              width={Math.max(2, step - 3)}
              height={bar}
              rx={2}
              fill={isCanary ? 'var(--tone-yellow)' : 'var(--tone-accent)'}
              opacity={isCanary ? 1 : 0.75}
            />
            {step >= 18 && (
              <text x={left + (step - 3) / 2} y={height - 2} textAnchor="middle" className={classes['pictureWords']}>
                {size}
              </text>
            )}
          </g>
        );
      })}
      {hasPause && (
        <g fill="var(--tone-gray)">
          <rect x={step + 3} y={height - 34} width={3} height={12} rx={1} />
          <rect x={step + 8} y={height - 34} width={3} height={12} rx={1} />
        </g>
      )}
    </svg>
  );
}
