// The name of something new that many refer to; a name that is given stays.
import { TextInput } from '@mantine/core';
import { FleetName } from '#contract/settings';
import { SettingsField } from '../../components/settings-section.tsx';

type Props = {
  id: string;
  value: string;
  placeholder: string;
  problem: string | null;
  onChange: (name: string) => void;
};

/** One row. */
export function NameField({ id, value, placeholder, problem, onChange }: Props) {
  return (
    <SettingsField label="Name" htmlFor={id} problem={problem} help="Names its file in the fleet folder.">
      <TextInput
        id={id}
        w={240}
        placeholder={placeholder}
        value={value}
        error={problem !== null}
        data-autofocus
        onChange={(event) => onChange(event.currentTarget.value.trim().toLowerCase())}
      />
    </SettingsField>
  );
}

/** What is wrong with it, or null. */
export function judgeNewName(name: string, taken: readonly string[]): string | null {
  if (name === '') return 'Type a name.';
  if (taken.includes(name)) return `There is ${name} already.`;
  const parsed = FleetName.safeParse(name);
  return parsed.success ? null : (parsed.error.issues[0]?.message ?? 'Not a name.');
}
