// What the judge of a release found: errors, then warnings, then notices.
import { Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleX, IconInfoCircle } from '@tabler/icons-react';
import type { Finding } from '#contract/replies';
import classes from './review.module.css';

const looks = {
  error: { Icon: IconCircleX, tone: 'red', word: 'Error' },
  warning: { Icon: IconAlertTriangle, tone: 'yellow', word: 'Warning' },
  notice: { Icon: IconInfoCircle, tone: 'gray', word: 'Note' },
} as const;

const order = ['error', 'warning', 'notice'] as const;

/** Findings in the order of their weight. */
export function FindingList({ findings }: { findings: Finding[] }) {
  const sorted = order.flatMap((severity) => findings.filter((finding) => finding.severity === severity));
  if (sorted.length === 0) return null;
  return (
    <ul className={classes['findings']} aria-label="Findings">
      {sorted.map((finding) => {
        const look = looks[finding.severity];
        return (
          <li key={`${finding.code} ${finding.field ?? ''} ${finding.message}`} className={classes['finding']}>
            <look.Icon size={18} color={`var(--tone-${look.tone})`} aria-label={look.word} />
            <div>
              <Text style={{ color: `var(--tone-${look.tone})` }}>{finding.message}</Text>
              {finding.hint !== undefined && <Text c="dimmed">{finding.hint}</Text>}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
