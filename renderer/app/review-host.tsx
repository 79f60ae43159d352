// Mounts the review drawer once, above every screen, and hands out the door to it. A push goes on behind a closed
// drawer; a line in the corner tells how, and opens it again.
import { useCallback, useRef, useState, type ReactNode } from 'react';
import { Affix, Button, Group, Loader, Paper, Text } from '@mantine/core';
import { ReviewContext, type ReviewRequest } from '../components/open-review.ts';
import { ReviewDrawer, type PushNews } from '../features/review/review-drawer.tsx';

/** The drawer keeps its content while it closes, so that nothing jumps. */
export function ReviewHost({ children }: { children: ReactNode }) {
  const [opening, setOpening] = useState<{ request: ReviewRequest; serial: number } | null>(null);
  const [isOpen, setOpen] = useState(false);
  const [push, setPush] = useState<PushNews | null>(null);
  const isPushing = push?.isRunning === true;
  const opener = useRef<Element | null>(null);
  const open = useCallback(
    (request: ReviewRequest) => {
      opener.current = document.activeElement;
      // One push at a time: a new drawer would lose the progress of the one that runs.
      if (!isPushing) setOpening((last) => ({ request, serial: (last?.serial ?? 0) + 1 }));
      setOpen(true);
    },
    [isPushing],
  );
  return (
    <ReviewContext value={open}>
      {children}
      {!isOpen && push !== null && (
        <PushLine news={push} onShow={() => setOpen(true)} onDismiss={() => setPush(null)} />
      )}
      {opening !== null && (
        <ReviewDrawer
          key={opening.serial}
          request={opening.request}
          isOpen={isOpen}
          onPush={setPush}
          onClose={() => {
            setOpen(false);
            if (!isPushing) setPush(null); // its end was seen
          }}
          onClosed={() => giveFocusBack(opener.current)}
        />
      )}
    </ReviewContext>
  );
}

/** Where the work goes on when what opened the drawer is gone or has nothing left to do, the nearest first. */
const nextBest = ['main [role="grid"]', 'main [role="tab"][aria-selected="true"]', 'main h1'];

/** Mantine does it only for a drawer that was mounted closed; this one is mounted open, once for each request. */
function giveFocusBack(to: Element | null): void {
  setTimeout(() => {
    // Not before the drawer has left the page: a focus that is elsewhere by then was put there by the user.
    if (document.activeElement !== document.body) return;
    const others = nextBest.map((selector) => document.querySelector(selector));
    for (const target of [to, ...others]) {
      if (!(target instanceof HTMLElement)) continue;
      if (target.tagName === 'H1') target.tabIndex = -1;
      target.focus({ preventScroll: true });
      if (document.activeElement === target) return;
    }
  });
}

type LineProps = { news: PushNews; onShow: () => void; onDismiss: () => void };

function PushLine({ news, onShow, onDismiss }: LineProps) {
  return (
    <Affix position={{ bottom: 16, right: 16 }}>
      <Paper withBorder shadow="sm" px="sm" py={8} role="region" aria-label="Push">
        <Group gap="xs">
          {news.isRunning && <Loader size={16} />}
          <Text>{news.words}</Text>
          <Button size="xs" variant="default" onClick={onShow}>
            Show
          </Button>
          {!news.isRunning && (
            <Button size="xs" variant="subtle" color="gray" onClick={onDismiss}>
              Dismiss
            </Button>
          )}
        </Group>
      </Paper>
    </Affix>
  );
}
