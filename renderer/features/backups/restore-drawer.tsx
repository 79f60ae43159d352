// What bringing one backup back would change, and the button that does it. Nothing is pushed.
import { useState } from 'react';
import { Button, Drawer, Group, Loader, Stack, Text } from '@mantine/core';
import type { Problem } from '#contract/outcome';
import { useCall } from '../../api/gateway-bridge.ts';
import { DifferenceFolds, WaitingForDifferences } from '../../components/difference-folds.tsx';
import { namesInWords } from '../../components/fold-reviews.ts';
import { countGateways } from '../../components/format-time.ts';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { useRestoreBackup, type Preview } from './use-restore-backup.ts';
import classes from './backups.module.css';

type Props = { day: string | null; onClose: () => void };

/** The drawer keeps what it showed while it closes, so that nothing jumps. */
export function RestoreDrawer({ day, onClose }: Props) {
  const [shown, setShown] = useState(day);
  if (day !== null && day !== shown) setShown(day);
  return (
    <Drawer
      opened={day !== null}
      onClose={onClose}
      position="right"
      size={680}
      title={`Restore ${shown ?? ''}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
      classNames={{
        content: classes['drawer'] ?? '',
        header: classes['drawerHead'] ?? '',
        title: classes['drawerTitle'] ?? '',
        body: classes['drawerBody'] ?? '',
      }}
    >
      {shown !== null && <Content key={shown} day={shown} onClose={onClose} />}
    </Drawer>
  );
}

function Content({ day, onClose }: { day: string; onClose: () => void }) {
  const preview = useCall('backup:preview-restore', { day });
  const { run, cancel, running } = useRestoreBackup();
  const [problem, setProblem] = useState<Problem | null>(null);
  const { value } = preview;
  const isShown = value !== undefined && preview.problem === null && !preview.isFetching;
  const restore = async (shown: Preview): Promise<void> => {
    setProblem(null);
    const outcome = await run(day, shown);
    if (outcome.ok) onClose();
    else setProblem(outcome.problem);
  };
  return (
    <>
      {/* A region that scrolls must be reachable by keyboard (axe: scrollable-region-focusable). */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={classes['drawerContent']} role="region" aria-label="What it would change" tabIndex={0}>
        <Intro day={day} />
        {problem !== null && <ProblemAlert problem={problem} title="Nothing was restored" />}
        {preview.problem !== null && (
          <ProblemAlert problem={preview.problem} title="It cannot be restored">
            <Button size="xs" variant="default" loading={preview.isFetching} onClick={() => void preview.reload()}>
              Try again
            </Button>
          </ProblemAlert>
        )}
        {!isShown && preview.problem === null && <WaitingForDifferences words="Working out what would change…" />}
        {isShown && <Would preview={value} />}
      </div>
      <Group className={classes['drawerFoot']} gap="xs">
        {running === null ? (
          <>
            <Button
              disabled={!isShown || value.files === 0}
              onClick={() => {
                if (isShown) void restore(value);
              }}
            >
              {isShown ? confirmWords(value) : 'Restore'}
            </Button>
            <Button variant="subtle" color="gray" onClick={onClose} data-autofocus>
              Cancel
            </Button>
          </>
        ) : (
          <>
            <Button variant="default" disabled={!running.canStop} onClick={cancel}>
              Cancel the restoration
            </Button>
            <Loader size={16} aria-hidden />
          </>
        )}
        <Text c="dimmed" role="status" aria-live="polite">
          {running?.words ?? ''}
        </Text>
      </Group>
    </>
  );
}

function Intro({ day }: { day: string }) {
  return (
    <Stack gap={4} mb="sm">
      <Text>Settings, groups and lists come back as they were before the first change of {day}.</Text>
      <Text c="dimmed">
        It becomes a new save, and what lies here now stays in History. Addresses, host keys and secrets stay as they
        are. No gateway is touched before you review and push.
      </Text>
    </Stack>
  );
}

function Would({ preview }: { preview: Preview }) {
  const { added, removed, touched, files, differences } = preview;
  if (files === 0) return <Text c="dimmed">The fleet is so already: there is nothing to bring back.</Text>;
  const others = touched.filter((name) => !differences.some(({ gateway }) => gateway === name));
  return (
    <>
      <dl className={classes['counts']}>
        <Names term="Come back" names={added} />
        <Names term="Removed" names={removed} />
        <Names term="Changed" names={touched.filter((name) => !added.includes(name) && !removed.includes(name))} />
      </dl>
      {added.length > 0 && (
        <Text c="dimmed">
          Passwords and keys for signing in were removed with their gateways: enter them again where one is needed.
        </Text>
      )}
      <DifferenceFolds differences={differences} none="No setting that a gateway is given changes." />
      {others.length > 0 && (
        <Text c="dimmed">
          {namesInWords(others)}: {others.length === 1 ? 'its file is' : 'their files are'} written anew; what is pushed
          stays the same.
        </Text>
      )}
    </>
  );
}

function Names({ term, names }: { term: string; names: readonly string[] }) {
  return (
    <>
      <dt>{term}</dt>
      <dd title={names.join(', ')}>{names.length === 0 ? 'none' : `${names.length}: ${namesInWords(names)}`}</dd>
    </>
  );
}

function confirmWords({ touched }: Preview): string {
  return touched.length === 0 ? 'Restore' : `Restore ${countGateways(touched.length)}`;
}
