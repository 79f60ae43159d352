// A field for a whole number with its unit. An empty field is NaN in the draft: no schema takes it, so it cannot be
// saved, and nothing is invented in its place.
import { Group, NumberInput, Text } from '@mantine/core';

type Props = {
  id: string;
  value: number;
  unit?: string;
  name?: string; // where no visible label names the field
  isWrong: boolean;
  isDisabled?: boolean;
  width?: number;
  onChange: (value: number) => void;
};

/** Right-aligned, without the small arrows. */
export function WholeNumber({ id, value, unit, name, isWrong, isDisabled = false, width = 96, onChange }: Props) {
  return (
    <Group gap="xs" wrap="nowrap">
      <NumberInput
        id={id}
        w={width}
        hideControls
        allowDecimal={false}
        allowNegative={false}
        disabled={isDisabled}
        styles={{ input: { textAlign: 'right' } }}
        value={Number.isNaN(value) ? '' : value}
        error={isWrong}
        {...(name === undefined ? {} : { 'aria-label': name })}
        onChange={(next) => onChange(next === '' ? Number.NaN : Number(next))}
      />
      {unit !== undefined && <Text>{unit}</Text>}
    </Group>
  );
}
