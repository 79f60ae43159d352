// What changes, line by line: the field, from what, to what, and what follows from it.
import { useState } from 'react';
import { Anchor, Text } from '@mantine/core';
import type { Change } from '#contract/difference';
import classes from './review.module.css';

/** Changes under their section's name. */
export function ChangeList({ changes }: { changes: Change[] }) {
  const sections = [...new Set(changes.map((change) => change.section))];
  return (
    <div className={classes['changes']}>
      {sections.map((section) => (
        <div key={section} role="group" aria-label={section}>
          <Text className={classes['sectionName']}>{section}</Text>
          <dl className={classes['list']}>
            {changes
              .filter((change) => change.section === section)
              .map((change) => (
                <ChangeLine key={change.field} change={change} />
              ))}
          </dl>
        </div>
      ))}
    </div>
  );
}

function ChangeLine({ change }: { change: Change }) {
  const [isShown, setShown] = useState(false);
  const entries = [
    ...(change.added ?? []).map((text) => `+ ${text}`),
    ...(change.removed ?? []).map((text) => `− ${text}`),
  ];
  return (
    <div className={classes['change']}>
      <dt>{change.label}</dt>
      <dd>
        <span className={classes['before']}>{change.before}</span>
        <span aria-hidden className={classes['arrow']}>
          →
        </span>
        <span className={classes['srOnly']}> becomes </span>
        <span className={classes['after']}>{change.after}</span>
        {entries.length > 0 && (
          <Anchor component="button" type="button" ml={8} aria-expanded={isShown} onClick={() => setShown(!isShown)}>
            {isShown ? 'hide' : 'show'}
          </Anchor>
        )}
        {isShown && (
          <ul className={classes['entries']}>
            {entries.map((entry) => (
              <li key={entry}>{entry}</li>
            ))}
          </ul>
        )}
        {change.note !== undefined && (
          <Text c="dimmed" className={classes['note']}>
            {change.note}
          </Text>
        )}
      </dd>
    </div>
  );
}
