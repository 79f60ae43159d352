// The frame of every settings form: a section with one sentence of help, and rows with the label left of the field.
import { useId, type ReactNode } from 'react';
import { Box, Text, Title } from '@mantine/core';
import type { SettingPath } from '#contract/settings-layer';
import { FieldOrigin, type OriginField } from './field-origin.tsx';
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
  /** The settings that the row edits, with a title each where there are several: where they come from stands at its end. */
  of?: SettingPath | readonly OriginField[];
  children: ReactNode;
};

/** One row: label left, control right, help and problem below the control, where the value comes from at the end. */
export function SettingsField({ label, htmlFor, help, problem, of, children }: FieldProps) {
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
      {of !== undefined && (
        <div className={classes['origin']}>
          <FieldOrigin label={label} fields={typeof of === 'string' ? [{ path: of, title: label }] : of} />
        </div>
      )}
    </div>
  );
}
