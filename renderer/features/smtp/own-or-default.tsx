// A text that has a sensible default: the default by name, or one's own.
import { Radio, Stack, TextInput } from '@mantine/core';
import type { SettingPath } from '#contract/settings-layer';
import { SettingsField } from '../../components/settings-section.tsx';

type Props = {
  of: SettingPath;
  label: string;
  help: string;
  value: string | null; // null: the default
  words: { standard: string; own: string; field: string; placeholder: string };
  problem: string | undefined;
  onChange: (value: string | null) => void;
};

/** One row of the form. */
export function OwnOrDefault({ of, label, help, value, words, problem, onChange }: Props) {
  return (
    <SettingsField label={label} problem={problem} help={help} of={of}>
      <Radio.Group
        aria-label={label}
        value={value === null ? 'standard' : 'own'}
        onChange={(kind) => onChange(kind === 'standard' ? null : '')}
      >
        <Stack gap={8} pt={8}>
          <Radio value="standard" label={words.standard} />
          <Radio value="own" label={words.own} />
        </Stack>
      </Radio.Group>
      <TextInput
        ml={28}
        w={320}
        aria-label={words.field}
        placeholder={words.placeholder}
        disabled={value === null}
        error={problem !== undefined}
        value={value ?? ''}
        onChange={(event) => onChange(event.currentTarget.value.trim())}
      />
    </SettingsField>
  );
}
