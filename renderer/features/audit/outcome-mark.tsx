// How an act ended: a sign and a word, so that colour alone says nothing.
import { IconAlertTriangle, IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import classes from './audit.module.css';

/** Ends at which everything asked for was done. */
const wellEnded = new Set(['done', 'applied', 'unchanged']);
/** Ends at which nothing was harmed, and somebody has to decide or look. */
const undecided = new Set(['conflict', 'unknown', 'cancelled']);

/** `outcome`: the kind of a push's result, 'done', or a problem's code. */
export function OutcomeMark({ outcome }: { outcome: string }) {
  const tone = wellEnded.has(outcome) ? 'well' : undecided.has(outcome) ? 'open' : 'failed';
  const Icon = tone === 'well' ? IconCircleCheck : tone === 'open' ? IconAlertTriangle : IconCircleX;
  const words = outcome.replaceAll('-', ' ');
  return (
    <span className={classes['outcome']} data-tone={tone}>
      <Icon size={16} aria-hidden />
      {words.charAt(0).toUpperCase() + words.slice(1)}
    </span>
  );
}
