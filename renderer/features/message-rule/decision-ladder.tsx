// The ladder of decisions as a picture: a client climbs from the first rung to the last, or is told why not.
import { Anchor, Text } from '@mantine/core';
import type { Draft } from '#ipc';
import type { Scope } from '#contract/scope';
import { rungNames } from '../../components/rung-names.ts';
import { scopePath } from '../../components/scope-editing.ts';
import { SettingsSection } from '../../components/settings-section.tsx';
import { describeLadder } from './describe-ladder.ts';
import classes from './message-rule.module.css';

/** Follows the draft. */
export function DecisionLadder({ scope, draft }: { scope: Scope; draft: Draft }) {
  return (
    <SettingsSection
      title="How a message is decided"
      help="Five questions, asked in this order; the first that refuses ends it. As set in these tabs now, saved or not."
    >
      <ol className={classes['ladder']}>
        {describeLadder(draft).map(({ rule, words, refusal, tab, isStrict }, index) => (
          <li key={rule} className={classes['rung']} data-strict={isStrict || undefined}>
            <span className={classes['number']} aria-hidden>
              {index + 1}
            </span>
            {tab === 'message-rule' ? (
              <Text fw={600}>{rungNames[rule]}</Text>
            ) : (
              <Anchor href={`#${scopePath(scope, tab)}`} underline="always" fw={600}>
                {rungNames[rule]}
              </Anchor>
            )}
            <Text>{words}</Text>
            <Text className={classes['refusal']}>else {refusal}</Text>
          </li>
        ))}
      </ol>
    </SettingsSection>
  );
}
