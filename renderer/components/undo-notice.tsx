// A notice with a way back.
import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';

/** Time to change one's mind; longer than a glance at another window. */
const undoMilliseconds = 20_000;

/** Shows `words` with an Undo button. */
export function showUndoNotice(words: string, onUndo: () => void): void {
  const id = crypto.randomUUID();
  notifications.show({
    id,
    autoClose: undoMilliseconds,
    color: 'gray',
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text>{words}</Text>
        <Button
          size="xs"
          variant="default"
          onClick={() => {
            notifications.hide(id);
            onUndo();
          }}
        >
          Undo
        </Button>
      </Group>
    ),
  });
}
