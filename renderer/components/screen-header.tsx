// The line above every screen: what it is, its state, and its one action.
import type { ReactNode } from 'react';
import { Group, Title } from '@mantine/core';
import classes from './screen-header.module.css';

type Props = { title: string; facts?: ReactNode; children?: ReactNode };

/** Title left with facts beside it; actions right. */
export function ScreenHeader({ title, facts, children }: Props) {
  return (
    <header className={classes['header']}>
      <Group gap="md" wrap="nowrap" className={classes['what']}>
        <Title order={1} size="h3" className={classes['title']}>
          {title}
        </Title>
        {facts}
      </Group>
      <Group gap="xs" wrap="nowrap">
        {children}
      </Group>
    </header>
  );
}
