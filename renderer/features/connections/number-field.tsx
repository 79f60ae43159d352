// A whole number that may be wrong while one types: what stands in the field is never replaced by a limit, and the
// draft holds what was typed (0 for an empty field), so that Save and Cancel know of it.
import { useState } from 'react';
import { NumberInput } from '@mantine/core';
import classes from './connections.module.css';

type Props = {
  value: number;
  onChange: (value: number) => void;
  min: number;
  max: number;
  hasProblem: boolean;
  name?: string; // where no visible label names the field
  id?: string;
  describedBy?: string;
  onFocus?: () => void;
};

/** The number as a field, right-aligned. */
export function NumberField({ value, onChange, min, max, hasProblem, name, id, describedBy, onFocus }: Props) {
  const [typed, setTyped] = useState<string | number>(value);
  return (
    <NumberInput
      className={classes['number'] ?? ''}
      size="sm"
      value={toNumber(typed) === value ? typed : value}
      onChange={(next) => {
        setTyped(next);
        onChange(toNumber(next));
      }}
      min={min}
      max={max}
      clampBehavior="none"
      allowDecimal={false}
      allowNegative={false}
      error={hasProblem}
      {...(id === undefined ? {} : { id })}
      {...(name === undefined ? {} : { 'aria-label': name })}
      {...(describedBy === undefined ? {} : { 'aria-describedby': describedBy })}
      {...(onFocus === undefined ? {} : { onFocus })}
    />
  );
}

/** Everything that is no number is 0, which no field of this screen allows. */
function toNumber(typed: string | number): number {
  const number = typed === '' ? 0 : Number(typed);
  return Number.isFinite(number) ? number : 0;
}
