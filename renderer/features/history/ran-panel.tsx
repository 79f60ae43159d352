// "What did this gateway run on Tuesday": by the pushes recorded here, with what it would be given now beside it.
import { useState } from 'react';
import { Button, Group, Select, Skeleton, Stack, Text, TextInput, Title } from '@mantine/core';
import type { RanThen } from '#ipc';
import { useCall } from '../../api/gateway-bridge.ts';
import { ChangeList } from '../../components/change-list.tsx';
import { formatAgo, formatMoment } from '../../components/format-time.ts';
import { Mono, RevisionText } from '../../components/mono.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { useNow } from '../../components/use-now.ts';
import type { RestorePoint } from './restore-panel.tsx';
import { shortCommit } from './short-commit.ts';
import classes from './history.module.css';

type Props = { name: string | null; onRestore: (name: string, point: RestorePoint) => void };

const hour = 3_600_000;
const leaps = [
  { words: 'An hour ago', back: hour },
  { words: 'Yesterday', back: 24 * hour },
  { words: 'A week ago', back: 7 * 24 * hour },
];

/** As `<input type="datetime-local">` writes it, in local time. */
function toLocalInput(milliseconds: number): string {
  return formatMoment(new Date(milliseconds).toISOString()).replace(' ', 'T');
}

/** Gateway and time above, the answer below. */
export function RanPanel({ name: first, onRestore }: Props) {
  const fleet = useCall('fleet:list', {});
  const [name, setName] = useState(first);
  const [text, setText] = useState(() => toLocalInput(Date.now() - 24 * hour));
  const at = Date.parse(text);
  const isAsked = name !== null && !Number.isNaN(at);
  return (
    // A region that scrolls must be reachable by keyboard (axe: scrollable-region-focusable).
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={classes['drawerContent']} role="region" aria-label="What ran when" tabIndex={0}>
      <Stack gap="md">
        <Group gap="xs" align="flex-end">
          <Select
            label="Gateway"
            className={classes['scope']}
            searchable
            limit={200}
            nothingFoundMessage="No gateway of this name"
            placeholder="Pick a gateway"
            data={(fleet.value ?? []).map((row) => row.name)}
            value={name}
            onChange={setName}
            allowDeselect={false}
            data-autofocus
          />
          <TextInput
            type="datetime-local"
            label="At"
            value={text}
            error={Number.isNaN(at) ? 'Type a date and a time.' : null}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        </Group>
        <Group gap="xs">
          {leaps.map(({ words, back }) => (
            <Button key={words} size="xs" variant="default" onClick={() => setText(toLocalInput(Date.now() - back))}>
              {words}
            </Button>
          ))}
        </Group>
        <div aria-live="polite">
          {isAsked ? (
            <Answer name={name} at={new Date(at).toISOString()} onRestore={onRestore} />
          ) : (
            <Text c="dimmed">Pick a gateway and a time; the pushes recorded in this folder answer.</Text>
          )}
        </div>
      </Stack>
    </div>
  );
}

type AnswerProps = { name: string; at: string; onRestore: Props['onRestore'] };

function Answer({ name, at, onRestore }: AnswerProps) {
  const ran = useCall('history:ran', { name, at });
  if (ran.problem !== null) {
    return (
      <ProblemAlert problem={ran.problem} title={`What ${name} ran then cannot be told`}>
        <Button size="xs" variant="default" loading={ran.isFetching} onClick={() => void ran.reload()}>
          Try again
        </Button>
      </ProblemAlert>
    );
  }
  if (ran.value === undefined) return <Skeleton height={120} aria-label="Looking through the history" />;
  return <Told name={name} at={at} ran={ran.value} onRestore={onRestore} />;
}

function Told({ name, at, ran, onRestore }: AnswerProps & { ran: RanThen }) {
  const now = useNow();
  const { revision, pushedAt, by, commit, difference, words } = ran;
  if (revision === null) {
    return (
      <Text>
        By {formatMoment(at)} nothing was pushed to {name} from this folder.
      </Text>
    );
  }
  return (
    <Stack gap="sm">
      <Text>
        {name} ran <RevisionText revision={revision} canCopy />
        {by !== null && `, pushed by ${by}`}
        {pushedAt !== null && ` on ${formatMoment(pushedAt)} (${formatAgo(pushedAt, now)})`}.
        {commit !== null && (
          <>
            {' '}
            Its settings are in commit{' '}
            <Mono name="commit" copies={commit}>
              {shortCommit(commit)}
            </Mono>
            .
          </>
        )}
      </Text>
      {words !== null && <Text c="dimmed">{words}</Text>}
      {commit !== null && (
        <section aria-label="From then to now">
          <Title order={3} size="h4">
            From then to what it would be given now
          </Title>
          {difference.length === 0 ? (
            <Text c="dimmed">No difference.</Text>
          ) : (
            <>
              <ChangeList changes={difference} />
              <Button mt="md" variant="default" onClick={() => onRestore(name, { commit, label: 'then' })}>
                Restore {name} to this…
              </Button>
            </>
          )}
        </section>
      )}
      <Text c="dimmed">By the pushes recorded here. What somebody changed on {name} itself is not among them.</Text>
    </Stack>
  );
}
