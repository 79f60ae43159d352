// Canaries, batches, and when to stop.
import { useId } from 'react';
import { Button, Checkbox, Text, Title } from '@mantine/core';
import { WholeNumber } from '../../components/whole-number.tsx';
import { describeWaves, judgeWaves, type WaveChoice } from './wave-plan.ts';
import { WavePicture } from './wave-picture.tsx';
import classes from './rollout.module.css';

type Props = {
  count: number;
  choice: WaveChoice;
  canaries: readonly string[];
  isUsual: boolean;
  onChange: (change: Partial<WaveChoice>) => void;
  onUsual: () => void;
};

/** Names of canaries that a line holds. */
const canariesShown = 5;

/** The right half of a new rollout. */
export function WaveOptions({ count, choice, canaries, isUsual, onChange, onUsual }: Props) {
  const id = useId();
  const problems = judgeWaves(choice);
  const numbers = [
    { field: 'canary', label: 'Canaries first', unit: 'gateways' },
    { field: 'batch', label: 'Then batches of', unit: 'gateways' },
    { field: 'maxFailures', label: 'Stop after', unit: 'failures' },
  ] as const;
  return (
    <section className={classes['options']} aria-labelledby={`${id}title`}>
      <Title order={2} size="h4" id={`${id}title`}>
        Waves
      </Title>
      <WavePicture count={count} choice={choice} />
      <Text role="status">{Object.keys(problems).length === 0 && count > 0 && describeWaves(count, choice)}</Text>
      {numbers.map(({ field, label, unit }) => (
        <div key={field} className={classes['option']}>
          <label htmlFor={`${id}${field}`}>{label}</label>
          <WholeNumber
            id={`${id}${field}`}
            width={72}
            value={choice[field]}
            unit={unit}
            isWrong={problems[field] !== undefined}
            onChange={(value) => onChange({ [field]: value })}
          />
          {problems[field] !== undefined && (
            <Text role="alert" className={classes['problem']}>
              {problems[field]}
            </Text>
          )}
        </div>
      ))}
      <Checkbox
        label="Wait for me after the canaries"
        checked={choice.pausesAfterCanary}
        disabled={choice.canary === 0}
        onChange={(event) => onChange({ pausesAfterCanary: event.currentTarget.checked })}
      />
      {canaries.length > 0 && (
        <Text c="dimmed" size="xs">
          {canaries.length === 1 ? 'Canary' : 'Canaries'}: {canaries.slice(0, canariesShown).join(', ')}
          {canaries.length > canariesShown && ` and ${canaries.length - canariesShown} more`}. Those with the tag
          “canary” come first, then one of each kind of change.
        </Text>
      )}
      {!isUsual && (
        <Button variant="subtle" size="compact-sm" onClick={onUsual}>
          What is usual for {count}
        </Button>
      )}
    </section>
  );
}
