// Third step: what was found on the host and what would be done, before anything is touched.
import { Button, Group, Text } from '@mantine/core';
import type { EnrolReport } from '#ipc';
import type { Problem } from '#contract/outcome';
import { focusWhenShown } from '../../components/focus-when-shown.ts';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { SettingsSection } from '../../components/settings-section.tsx';
import { ItemList } from './item-list.tsx';
import { Looking } from './looking.tsx';

type Props = {
  host: string;
  name: string;
  report: EnrolReport | null;
  problem: Problem | null;
  onLook: () => void;
  onEnrol: () => void;
  onBack: () => void;
};

/** Nothing was touched so far, and it says so. */
export function ReportStep({ host, name, report, problem, onLook, onEnrol, onBack }: Props) {
  return (
    <SettingsSection title={`What will be done on ${host}`} help={report?.system}>
      {report === null && problem === null && <Looking host={host} />}
      {problem !== null && <ProblemAlert problem={problem} title="It could not be looked at" />}
      {report !== null && <ItemList items={report.items} label="What will be done" />}
      {report !== null && (
        <Text role="status" mt="xs">
          {verdict(report, host)}
        </Text>
      )}
      <Group mt="xs">
        {report?.isFit === true && (
          <Button ref={focusWhenShown} onClick={onEnrol}>
            {`Enrol as ${name}`}
          </Button>
        )}
        {(problem !== null || report?.isFit === false) && <Button onClick={onLook}>Look again</Button>}
        <Button variant="subtle" color="gray" onClick={onBack}>
          Back
        </Button>
      </Group>
    </SettingsSection>
  );
}

function verdict({ isFit, isEnrolled }: EnrolReport, host: string): string {
  if (!isFit) return `${host} cannot become a gateway as it is. Nothing was touched.`;
  if (isEnrolled)
    return `${host} was enrolled before. What is there is kept; a management key for this computer is added.`;
  return 'Nothing else on the host changes, and all of this can be removed again. Nothing was touched so far.';
}
