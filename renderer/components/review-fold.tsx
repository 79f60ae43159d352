// One group of gateways for which the push does the same.
import { Alert, Group, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import { RevisionText } from './mono.tsx';
import { ChangeList } from './change-list.tsx';
import { FindingList } from './finding-list.tsx';
import { isDriven, namesInWords, type ReviewFold as Fold } from './fold-reviews.ts';
import classes from './review.module.css';

function headline(names: string[]): string {
  return names.length === 1 ? namesInWords(names) : `${namesInWords(names)} (${names.length} gateways)`;
}

/** Heading, changes, findings, and what is special about it. */
export function ReviewFold({ fold }: { fold: Fold }) {
  const { names, review } = fold;
  return (
    <section className={classes['fold']} aria-label={headline(names)}>
      <Group justify="space-between" wrap="nowrap" align="baseline">
        <Title order={2} size="h4">
          {headline(names)}
        </Title>
        {names.length === 1 && (
          <Group gap={4} wrap="nowrap" c="dimmed">
            <RevisionText revision={review.runningRevision ?? review.baseRevision} />
            <span aria-hidden>→</span>
            <RevisionText revision={review.revision} />
          </Group>
        )}
      </Group>
      {review.judgedBy === 'desktop' && (
        <Alert color="gray" icon={<IconInfoCircle size={18} />} className={classes['alert']}>
          <Text>Judged on this computer only. {review.problem?.message}</Text>
          <Text>{review.problem?.hint ?? 'A push checks the rest when the gateway answers.'}</Text>
        </Alert>
      )}
      {isDriven(review) && (
        <Alert color="yellow" icon={<IconAlertTriangle size={18} />} className={classes['alert']}>
          Runs <RevisionText revision={review.runningRevision} />, which was not pushed from here. The difference below
          is to what runs there. A push stops and asks before it replaces that.
        </Alert>
      )}
      {review.difference.length === 0 ? (
        <Text c="dimmed">No difference to what is confirmed there. A push proves the listener again.</Text>
      ) : (
        <ChangeList changes={review.difference} />
      )}
      <FindingList findings={review.findings} />
    </section>
  );
}
