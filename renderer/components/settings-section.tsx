// The frame of every settings form: a section with one sentence of help, and rows with the label left of the field.
import { useId, type ReactNode } from 'react';
import { Box, Text, Title } from '@mantine/core';
import classes from './settings-section.module.css';

type SectionProps = { title: string; help?: ReactNode; children: ReactNode; aside?: ReactNode };

/** One titled part of a settings screen. */
export function SettingsSection({ title, help, children, aside }: SectionProps) {
  const id = useId();
  return (
    <Box component="section" aria-labelledby={id} className={classes['section']}>
      <div className={classes['head']}>
        <div>
          <Title order={2} id={id} size="h4">
            {title}
          </Title>
          {help !== undefined && (
            <Text c="dimmed" className={classes['help']}>
              {help}
            </Text>
          )}
        </div>
        {aside}
      </div>
      <div className={classes['fields']}>{children}</div>
    </Box>
  );
}

type FieldProps = {
  label: string;
  /** Id of the one control; without it the row is a named group of controls. */
  htmlFor?: string;
  help?: ReactNode;
  problem?: string | null | undefined;
  children: ReactNode;
};

/** One row: label left, control right, help and problem below the control. */
export function SettingsField({ label, htmlFor, help, problem, children }: FieldProps) {
  const labelId = useId();
  const isGroup = htmlFor === undefined;
  return (
    <div className={classes['row']} {...(isGroup ? { role: 'group', 'aria-labelledby': labelId } : {})}>
      {isGroup ? (
        <span id={labelId} className={classes['label']}>
          {label}
        </span>
      ) : (
        <label htmlFor={htmlFor} className={classes['label']}>
          {label}
        </label>
      )}
      <div className={classes['control']}>
        {children}
        {problem !== null && problem !== undefined && (
          <Text className={classes['problem']} role="alert">
            {problem}
          </Text>
        )}
        {help !== undefined && (
          <Text c="dimmed" className={classes['help']}>
            {help}
          </Text>
        )}
      </div>
    </div>
  );
}
