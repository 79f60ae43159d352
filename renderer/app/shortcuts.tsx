// Keys that work on every screen. A screen marks its own targets: `data-search` on its search box, `data-review` on
// its review button; so a key does nothing where there is nothing to do.
import { useHotkeys } from '@mantine/hooks';
import { openKeysDialog } from './keys-dialog.tsx';

function focusSearch(): void {
  const boxes = [...document.querySelectorAll<HTMLElement>('input[data-search]')];
  boxes.find((box) => box.offsetParent !== null)?.focus(); // tabs that stay mounted keep theirs, unseen
}

function pressReview(): void {
  document.querySelector<HTMLButtonElement>('button[data-review]:not(:disabled)')?.click();
}

/** No picture of its own. */
export function Shortcuts() {
  useHotkeys([
    ['/', focusSearch],
    ['shift+?', openKeysDialog],
    ['?', openKeysDialog],
  ]);
  useHotkeys([['mod+S', pressReview]], []);
  return null;
}
