// One step of an assistant. It takes the focus when it appears: the button that led here is gone, and a keyboard must
// not be thrown back to the start of the window. Nothing is chosen by it, so that a second Enter confirms nothing.
import type { ReactNode } from 'react';
import { focusWhenShown } from './focus-when-shown.ts';
import classes from './step-frame.module.css';

/** Give it the step as its key. */
export function StepFrame({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div ref={focusWhenShown} tabIndex={-1} role="group" aria-label={label} className={classes['frame']}>
      {children}
    </div>
  );
}
