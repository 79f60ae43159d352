// Mounts the review drawer once, above every screen, and hands out the door to it.
import { useCallback, useState, type ReactNode } from 'react';
import { ReviewContext, type ReviewRequest } from '../components/open-review.ts';
import { ReviewDrawer } from '../features/review/review-drawer.tsx';

/** The drawer keeps its content while it closes, so that nothing jumps. */
export function ReviewHost({ children }: { children: ReactNode }) {
  const [opening, setOpening] = useState<{ request: ReviewRequest; serial: number } | null>(null);
  const [isOpen, setOpen] = useState(false);
  const open = useCallback((request: ReviewRequest) => {
    setOpening((last) => ({ request, serial: (last?.serial ?? 0) + 1 }));
    setOpen(true);
  }, []);
  return (
    <ReviewContext value={open}>
      {children}
      {opening !== null && (
        <ReviewDrawer key={opening.serial} request={opening.request} isOpen={isOpen} onClose={() => setOpen(false)} />
      )}
    </ReviewContext>
  );
}
