// For each field that they changed: the values of both sides, and which of them is to count from now on.
import { SegmentedControl, Text, Title } from '@mantine/core';
import type { Output } from '#ipc';
import classes from './drift.module.css';

/** `theirs`: taken over from the gateway. */
export type Choice = 'ours' | 'theirs';

type Props = {
  report: Output<'drift:show'>;
  choices: Readonly<Record<string, Choice>>;
  onChoose: (field: string, choice: Choice) => void;
};

/** One line a field; a conflict shows what it was, what it is here and what it is there. */
export function FieldChoices({ report: { difference, conflicts }, choices, onChoose }: Props) {
  const byField = new Map(conflicts.map((conflict) => [conflict.id, conflict]));
  return (
    <section aria-label="What counts from now on">
      <Title order={3} size="h4" mb={4}>
        What counts from now on
      </Title>
      {difference.map(({ field, label, before, after }) => {
        const conflict = byField.get(field);
        return (
          <div key={field} className={classes['choice']} role="group" aria-label={label}>
            <div>
              <Text fw={600}>{label}</Text>
              <dl className={classes['sides']}>
                {conflict !== undefined && <Side name="Was" value={conflict.base} />}
                <Side name="Here" value={conflict?.ours ?? before} />
                <Side name="There" value={conflict?.theirs ?? after} />
              </dl>
            </div>
            <SegmentedControl
              size="xs"
              aria-label={`${label}: whose value counts`}
              value={choices[field] ?? 'ours'}
              onChange={(choice) => onChoose(field, choice === 'theirs' ? 'theirs' : 'ours')}
              data={[
                { value: 'theirs', label: 'Take over' },
                { value: 'ours', label: 'Keep ours' },
              ]}
            />
          </div>
        );
      })}
    </section>
  );
}

function Side({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}
