// What somebody else changed on a gateway, in words, and for each field whether it is taken over or ours is kept.
import { useState } from 'react';
import { Alert, Button, Drawer, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import type { Output } from '#ipc';
import type { Problem } from '#contract/outcome';
import { callGateway, refreshCalls, useAct, useCall } from '../../api/gateway-bridge.ts';
import { ChangeList } from '../../components/change-list.tsx';
import { formatMoment } from '../../components/format-time.ts';
import { RevisionText } from '../../components/mono.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { reportOutcome } from '../../components/report-outcome.ts';
import { FieldChoices, type Choice } from './field-choices.tsx';
import classes from './drift.module.css';

type Report = Output<'drift:show'>;
type Props = { name: string; isOpen: boolean; onClose: () => void; onTaken: () => void };

/** The drawer of one gateway; it asks the gateway each time it is opened. */
export function DriftDrawer({ name, isOpen, onClose, onTaken }: Props) {
  return (
    <Drawer
      opened={isOpen}
      onClose={onClose}
      position="right"
      size={680}
      title={`Changed on ${name}`}
      closeButtonProps={{ 'aria-label': 'Close what changed' }}
      classNames={{
        header: classes['drawerHead'] ?? '',
        title: classes['drawerTitle'] ?? '',
        body: classes['drawer'] ?? '',
      }}
    >
      {isOpen && (
        <Drift
          name={name}
          onClose={onClose}
          onTaken={() => {
            onTaken();
            onClose();
          }}
        />
      )}
    </Drawer>
  );
}

type InnerProps = Omit<Props, 'isOpen'>;

function Drift({ name, onClose, onTaken }: InnerProps) {
  const shown = useCall('drift:show', { name });
  if (shown.problem !== null) {
    return (
      <ProblemAlert problem={shown.problem} title="What changed there cannot be shown">
        <Button size="xs" variant="default" loading={shown.isFetching} onClick={() => void shown.reload()}>
          Ask again
        </Button>
      </ProblemAlert>
    );
  }
  if (shown.value === undefined) return <Skeleton height={240} aria-label={`Asking ${name} what it runs`} />;
  return <DriftReport key={shown.value.running} report={shown.value} onClose={onClose} onTaken={onTaken} />;
}

type ReportProps = { report: Report; onClose: () => void; onTaken: () => void };

function DriftReport({ report, onClose, onTaken }: ReportProps) {
  const { gateway, difference, limits, conflicts } = report;
  return (
    <Stack gap="md">
      <Origin report={report} />
      {limits.map((words) => (
        <Alert key={words} color="yellow" icon={<IconInfoCircle size={18} />}>
          {words}
        </Alert>
      ))}
      {difference.length === 0 ? (
        <Text>No setting that is kept here differs from what {gateway} runs.</Text>
      ) : (
        <>
          <section aria-label="Changes there">
            <Title order={3} size="h4">
              {report.base === null ? 'From what is saved here to what runs there' : 'Since the last push from here'}
            </Title>
            <ChangeList changes={difference} />
          </section>
          {conflicts.length > 0 && (
            <Text>
              {conflicts.length === 1 ? 'One field was' : `${conflicts.length} fields were`} changed on both sides; both
              values stand below.
            </Text>
          )}
          <Take report={report} onClose={onClose} onTaken={onTaken} />
        </>
      )}
    </Stack>
  );
}

function Origin({ report: { gateway, running, base, author, at } }: { report: Report }) {
  return (
    <Text>
      {gateway} runs <RevisionText revision={running} />
      {author !== null && `, put there by ${author}`}
      {at !== null && ` on ${formatMoment(at)}`}.{' '}
      {base === null ? (
        'No push from here is known.'
      ) : (
        <>
          The last push from here was <RevisionText revision={base} />.
        </>
      )}
    </Text>
  );
}

/** Where both sides changed something, ours is kept unless somebody says otherwise: nothing saved is lost by a hasty press. */
function startChoices({ difference, conflicts }: Report): Record<string, Choice> {
  const both = new Set(conflicts.map(({ id }) => id));
  return Object.fromEntries(difference.map(({ field }) => [field, both.has(field) ? 'ours' : 'theirs']));
}

function Take({ report, onClose, onTaken }: ReportProps) {
  const { gateway } = report;
  const act = useAct('drift:take');
  const [choices, setChoices] = useState(() => startChoices(report));
  const [problem, setProblem] = useState<Problem | null>(null);
  const fields = Object.keys(choices).filter((field) => choices[field] === 'theirs');
  const take = async (asked: 'all' | string[]): Promise<void> => {
    setProblem(null);
    const taken = await act.run({ name: gateway, fields: asked });
    if (!taken.ok) return setProblem(taken.problem);
    reportOutcome(taken, `The choice for ${gateway} is saved here. The next push brings what was kept.`);
    await callGateway('fleet:refresh', { name: gateway });
    await Promise.all([refreshCalls('fleet:list'), refreshCalls('drift:show')]);
    onTaken();
  };
  return (
    <>
      <FieldChoices
        report={report}
        choices={choices}
        onChoose={(field, choice) => setChoices((before) => ({ ...before, [field]: choice }))}
      />
      {problem !== null && <ProblemAlert problem={problem} title="Nothing was taken over" />}
      <Group justify="flex-end" gap="xs">
        <Button variant="subtle" color="gray" onClick={onClose}>
          Cancel
        </Button>
        <Button variant="default" loading={act.isRunning} onClick={() => void take('all')}>
          Take over all
        </Button>
        <Button loading={act.isRunning} onClick={() => void take(fields)}>
          {fields.length === 0 ? 'Keep all of ours' : `Take over ${fields.length} of ${report.difference.length}`}
        </Button>
      </Group>
    </>
  );
}
