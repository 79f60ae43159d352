// What one can do anywhere in the list editor: drop a file, take back, do again. Listens on the element itself, so that
// the window's own undo does not hear a key that was meant for the list.
import { useEffect, useRef, type RefObject } from 'react';

type Gestures = { onFile: (file: File) => void; onUndo: () => void; onRedo: () => void };

/** Listens while the element is there. */
export function useListGestures(element: RefObject<HTMLElement | null>, gestures: Gestures): void {
  const latest = useRef(gestures);
  useEffect(() => {
    latest.current = gestures;
  });
  useEffect(() => {
    const target = element.current;
    if (target === null) return undefined;
    const drag = (event: DragEvent): void => event.preventDefault(); // or the file would not be offered
    const drop = (event: DragEvent): void => {
      event.preventDefault();
      const file = event.dataTransfer?.files[0];
      if (file !== undefined) latest.current.onFile(file);
    };
    const press = (event: KeyboardEvent): void => {
      const step = readUndoKey(event);
      if (step === null) return;
      event.preventDefault();
      event.stopPropagation();
      if (step === 'undo') latest.current.onUndo();
      else latest.current.onRedo();
    };
    target.addEventListener('dragover', drag);
    target.addEventListener('drop', drop);
    target.addEventListener('keydown', press);
    return () => {
      target.removeEventListener('dragover', drag);
      target.removeEventListener('drop', drop);
      target.removeEventListener('keydown', press);
    };
  }, [element]);
}

/** A field with a text of its own keeps the keys for that text. */
function readUndoKey(event: KeyboardEvent): 'undo' | 'redo' | null {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return null;
  const { target } = event;
  if (target instanceof HTMLInputElement && target.type === 'text' && target.value !== '') return null;
  const key = event.key.toLowerCase();
  if (key === 'y') return 'redo';
  if (key !== 'z') return null;
  return event.shiftKey ? 'redo' : 'undo';
}
