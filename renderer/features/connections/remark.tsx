// A short line beside a field: what is good, doubtful or wrong. Icon and words carry the meaning, colour only helps.
import type { ReactNode } from 'react';
import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconInfoCircle } from '@tabler/icons-react';
import classes from './connections.module.css';

const icons = { good: IconCircleCheck, warning: IconAlertTriangle, bad: IconCircleX, quiet: IconInfoCircle } as const;

type Props = { tone: keyof typeof icons; children: ReactNode; role?: 'status' | 'alert' };

/** One remark. `role` makes it spoken when it appears. */
export function Remark({ tone, children, role }: Props) {
  const Icon = icons[tone];
  return (
    <div className={classes[tone]} {...(role === undefined ? {} : { role })}>
      <Icon size={16} aria-hidden />
      <span>{children}</span>
    </div>
  );
}
