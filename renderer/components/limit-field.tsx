// "No limit" or "up to N": two radios and a number that stays in sight.
import { useState } from 'react';
import { Group, Radio, Text } from '@mantine/core';
import type { SettingPath } from '#contract/settings-layer';
import { SettingsField } from './settings-section.tsx';
import { WholeNumber } from './whole-number.tsx';

type Props = {
  id: string;
  of: SettingPath;
  label: string;
  value: number | null; // null: no limit
  /** What the number is when it is asked for the first time. */
  prefilled: number;
  unit: string;
  noLimit?: string;
  upTo?: string;
  help: string;
  problem: string | undefined;
  onChange: (value: number | null) => void;
};

/** One row of a settings form. */
export function LimitField(props: Props) {
  const {
    id,
    of,
    label,
    value,
    prefilled,
    unit,
    noLimit = 'No limit',
    upTo = 'Up to',
    help,
    problem,
    onChange,
  } = props;
  const [kept, setKept] = useState(value ?? prefilled);
  return (
    <SettingsField label={label} problem={problem} help={help} of={of}>
      <Radio.Group
        aria-label={label}
        value={value === null ? 'none' : 'some'}
        onChange={(kind) => onChange(kind === 'none' ? null : kept)}
      >
        <Group gap="lg" mih={36}>
          <Radio value="none" label={noLimit} />
          <Group gap="xs" wrap="nowrap">
            <Radio value="some" label={upTo} />
            <WholeNumber
              id={id}
              name={`${label}, ${upTo.toLowerCase()}`}
              value={value ?? kept}
              isWrong={problem !== undefined}
              isDisabled={value === null}
              onChange={(next) => {
                setKept(next);
                onChange(next);
              }}
            />
            <Text>{unit}</Text>
          </Group>
        </Group>
      </Radio.Group>
    </SettingsField>
  );
}
