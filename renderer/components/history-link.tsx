// The way from a gateway or a group to its history, for the header of its screen.
import { ActionIcon, Tooltip } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import type { Scope } from '#contract/scope';
import { historyPath } from './history-path.ts';
import { scopeInWords } from './scope-editing.ts';

/** A clock that leads there. */
export function HistoryLink({ scope }: { scope: Scope }) {
  const words = `History of ${scopeInWords(scope)}`;
  return (
    <Tooltip label={words}>
      <ActionIcon
        component="a"
        href={`#${historyPath(scope)}`}
        variant="default"
        size={36}
        aria-label={words}
        data-history
      >
        <IconHistory size={18} />
      </ActionIcon>
    </Tooltip>
  );
}
