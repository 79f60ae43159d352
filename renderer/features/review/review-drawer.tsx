// The heart of the app: says in words what a push will do, asks, then becomes the ladder of the push itself.
import { useEffect, useState } from 'react';
import { Button, Drawer, Skeleton, Stack, Text } from '@mantine/core';
import type { Problem } from '#contract/outcome';
import { callGateway, refreshCalls } from '../../api/gateway-bridge.ts';
import type { ReviewRequest } from '../../components/open-review.ts';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { openReEnrolDialog } from '../../components/re-enrol-dialog.tsx';
import { askDenyAll } from '../../components/ask-deny-all.tsx';
import type { NextAct } from '../../components/describe-result.ts';
import { describeSave, foldReviews, hasErrors, namesInWords, type ReviewEntry } from '../../components/fold-reviews.ts';
import { PushLadder } from './push-ladder.tsx';
import { ReviewFold } from '../../components/review-fold.tsx';
import { PushFoot, ReviewFoot } from './review-foot.tsx';
import { usePushRun, type PushRun } from './use-push-run.ts';
import { useReviews } from './use-reviews.ts';
import classes from '../../components/review.module.css';

/** Above this many gateways the ladder shows one line for each, and its steps only where it went wrong. */
const laddersInFull = 3;

type Props = {
  request: ReviewRequest;
  isOpen: boolean;
  onClose: () => void;
  /** It is out of sight. */
  onClosed: () => void;
  /** How the push goes, in a line for the frame; null before one began. */
  onPush: (news: PushNews | null) => void;
};

/** A push in one line. */
export type PushNews = { words: string; isRunning: boolean };

/** One review from question to proof. */
export function ReviewDrawer({ request, isOpen, onClose, onClosed, onPush }: Props) {
  const { entries, isLoading, again } = useReviews(request);
  const push = usePushRun();
  const save = useSave(request, entries);
  const isPushing = push.runs.length > 0;
  const title = isPushing ? pushTitle(push) : 'Review';
  useEffect(() => {
    onPush(isPushing ? { words: title, isRunning: push.isRunning } : null);
  }, [onPush, isPushing, title, push.isRunning]);
  const pushable = entries
    .filter((entry) => entry.review !== null && !hasErrors(entry.review))
    .map((entry) => entry.name);
  const startPush = async (): Promise<void> => {
    if (await save.run()) await push.start(pushable, false);
  };
  const reload = (name: string): void => {
    request.onReload?.(name);
    void refreshCalls('fleet:list');
    onClose();
  };
  return (
    <Drawer
      opened={isOpen}
      onClose={onClose}
      onExitTransitionEnd={onClosed}
      position="right"
      size={680}
      title={title}
      closeButtonProps={{ 'aria-label': push.isRunning ? 'Hide the push; it goes on' : 'Close the review' }}
      styles={{
        content: { display: 'flex', flexDirection: 'column' },
        header: { paddingInline: 24 },
        title: { fontSize: 18, fontWeight: 600 },
        body: { flex: 1, minHeight: 0, padding: 0 },
      }}
    >
      <div className={classes['body']}>
        {/* A region that scrolls must be reachable by keyboard (axe: scrollable-region-focusable). */}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <div className={classes['content']} tabIndex={0} role="region" aria-label={isPushing ? 'Progress' : 'Changes'}>
          {save.problem !== null && <ProblemAlert problem={save.problem} title="Not saved" />}
          {isPushing ? <Ladders push={push} onReload={reload} /> : <Reviews entries={entries} onAgain={again} />}
        </div>
        <div className={classes['srOnly']} role="status" aria-live="polite">
          {push.announcement}
        </div>
        {isPushing ? (
          <PushFoot push={push} onClose={onClose} />
        ) : (
          <ReviewFoot
            names={pushable}
            entries={entries}
            isLoading={isLoading}
            isSaving={save.isRunning}
            hasUnsaved={save.hasUnsaved}
            onClose={onClose}
            onPush={() => askDenyAll(entries, () => void startPush())}
            onSave={() => {
              void save.run().then((isSaved) => {
                if (isSaved) onClose();
              });
            }}
          />
        )}
      </div>
    </Drawer>
  );
}

function pushTitle(push: PushRun): string {
  const ended = push.runs.filter((run) => run.result !== null || run.problem !== null).length;
  return push.isRunning ? `Pushing: ${ended} of ${push.runs.length} ended` : 'Push ended';
}

function Reviews({ entries, onAgain }: { entries: ReviewEntry[]; onAgain: () => void }) {
  const waiting = entries.filter((entry) => entry.review === null && entry.problem === null);
  if (entries.length === 0) {
    return <Text py="md">No gateway is reached by these settings yet. They can be saved; nothing will be pushed.</Text>;
  }
  return (
    <>
      {foldReviews(entries).map((fold) => (
        <ReviewFold key={fold.names.join()} fold={fold} />
      ))}
      {entries.map(
        (entry) =>
          entry.problem !== null && (
            <ProblemAlert key={entry.name} title={`${entry.name} cannot be reviewed`} problem={entry.problem}>
              <Button size="xs" variant="default" onClick={onAgain}>
                Review again
              </Button>
            </ProblemAlert>
          ),
      )}
      {waiting.length > 0 && (
        <Stack gap="xs" py="md">
          <Text c="dimmed">Asking {namesInWords(waiting.map((entry) => entry.name))} what would change…</Text>
          <Skeleton height={20} width="60%" />
          <Skeleton height={20} width="80%" />
          <Skeleton height={20} width="50%" />
        </Stack>
      )}
    </>
  );
}

function Ladders({ push, onReload }: { push: PushRun; onReload: (name: string) => void }) {
  const act = (name: string, next: NextAct): void => {
    switch (next) {
      case 'retry':
        return void push.start([name], false);
      case 'push-over':
        return void push.start([name], true);
      case 'reload':
        return onReload(name);
      case 'compare-host-keys':
        return openReEnrolDialog(name);
    }
  };
  return push.runs.map((run) => (
    <PushLadder
      key={run.name}
      run={run}
      isFolded={push.runs.length > laddersInFull}
      isBusy={run.result === null && run.problem === null}
      onAct={(next) => act(run.name, next)}
    />
  ));
}

/** Saves the draft if it is not saved yet; once, so that a second push of the drawer does not save again. */
function useSave(request: ReviewRequest, entries: ReviewEntry[]) {
  const [isSaved, setSaved] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isRunning, setRunning] = useState(false);
  const { unsaved } = request;
  const run = async (): Promise<boolean> => {
    if (unsaved === undefined || isSaved) return true;
    setRunning(true);
    setProblem(null);
    const { scope, draft, savedVersion } = unsaved;
    const words = unsaved.words ?? describeSave(entries[0]?.review ?? null);
    const outcome = await callGateway('settings:save', { scope, draft, savedVersion, words });
    setRunning(false);
    if (outcome.ok) {
      setSaved(true);
      request.onSaved?.(outcome.value.savedVersion);
    } else setProblem(outcome.problem);
    // Not waited for: it takes seconds with thousands of routes, and Push could be pressed a second time meanwhile.
    void refreshCalls('fleet:list');
    return outcome.ok;
  };
  return { run, problem, isRunning, hasUnsaved: unsaved !== undefined && !isSaved };
}
