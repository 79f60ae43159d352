// The action of the notice on a gateway that was changed by somebody else: the button, and the drawer that it opens.
import { useState } from 'react';
import { Button } from '@mantine/core';
import { DriftDrawer } from './drift-drawer.tsx';

/** `onTaken`: what is saved here changed, so the screen reads it again. */
export function DriftButton({ name, onTaken }: { name: string; onTaken: () => void }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button size="xs" variant="default" onClick={() => setOpen(true)}>
        Show what changed
      </Button>
      <DriftDrawer name={name} isOpen={isOpen} onClose={() => setOpen(false)} onTaken={onTaken} />
    </>
  );
}
