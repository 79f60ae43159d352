// A notice with a way back, and perhaps a way on.
import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';

/** Time to change one's mind; longer than a glance at another window. */
const undoMilliseconds = 20_000;

/** What can be done next besides undoing it. */
type NextStep = { label: string; act: () => void };

/** Shows `words` with an Undo button, behind the next steps. */
export function showUndoNotice(words: string, onUndo: () => void, next: readonly NextStep[] = []): void {
  const id = crypto.randomUUID();
  const steps = [...next, { label: 'Undo', act: onUndo }];
  notifications.show({
    id,
    autoClose: undoMilliseconds,
    color: 'gray',
    message: (
      <Group justify="space-between" wrap={next.length === 0 ? 'nowrap' : 'wrap'} gap="xs">
        <Text>{words}</Text>
        <Group gap="xs" wrap="nowrap">
          {steps.map(({ label, act }) => (
            <Button
              key={label}
              size="xs"
              variant="default"
              onClick={() => {
                notifications.hide(id);
                act();
              }}
            >
              {label}
            </Button>
          ))}
        </Group>
      </Group>
    ),
  });
}
