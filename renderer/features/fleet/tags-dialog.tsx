// Tags of one or many gateways: those that all carry, those that some carry, and new ones.
import { useState } from 'react';
import { Button, Checkbox, Group, ScrollArea, Stack, Text, TextInput } from '@mantine/core';
import { modals } from '@mantine/modals';
import type { FleetRow } from '#ipc';
import { FleetName } from '#contract/settings';
import { callGateway, refreshCalls } from '../../api/gateway-bridge.ts';
import { reportOutcome } from '../../components/report-outcome.ts';

const modalId = 'tags';

/** Opens the dialog for `chosen`; all tags of the fleet are offered. */
export function openTagsDialog(chosen: readonly FleetRow[], rows: readonly FleetRow[]): void {
  const who = chosen.length === 1 ? chosen[0]?.name : `${chosen.length} gateways`;
  modals.open({
    modalId,
    title: `Tags of ${who ?? ''}`,
    children: <TagsForm chosen={chosen} known={[...new Set(rows.flatMap((row) => row.tags))].toSorted()} />,
  });
}

type Wish = 'all' | 'none';

function TagsForm({ chosen, known }: { chosen: readonly FleetRow[]; known: string[] }) {
  const [tags, setTags] = useState(known);
  const [wishes, setWishes] = useState<Record<string, Wish>>({});
  const [typed, setTyped] = useState('');
  const [isRunning, setRunning] = useState(false);
  const typedTag = typed.trim().toLowerCase();
  const parsed = FleetName.safeParse(typedTag);
  const carriers = (tag: string): number => chosen.filter((row) => row.tags.includes(tag)).length;
  const stateOf = (tag: string): Wish | 'some' => {
    const count = carriers(tag);
    return wishes[tag] ?? (count === 0 ? 'none' : count === chosen.length ? 'all' : 'some');
  };
  const addTyped = (): void => {
    if (!parsed.success) return;
    if (!tags.includes(typedTag)) setTags([...tags, typedTag]);
    setWishes({ ...wishes, [typedTag]: 'all' });
    setTyped('');
  };
  const wished = (wish: Wish): string[] => Object.keys(wishes).filter((tag) => wishes[tag] === wish);
  const submit = async (): Promise<void> => {
    setRunning(true);
    const names = chosen.map((row) => row.name);
    const outcome = await callGateway('gateways:tag', { names, add: wished('all'), remove: wished('none') });
    await refreshCalls('fleet:list');
    setRunning(false);
    if (reportOutcome(outcome)) modals.close(modalId);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (typedTag === '') void submit();
        else addTyped();
      }}
    >
      <Stack gap="sm">
        <TextInput
          label="New tag"
          placeholder="Type and press Enter"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          error={typedTag !== '' && !parsed.success ? parsed.error.issues[0]?.message : null}
          data-autofocus
        />
        {tags.length === 0 ? (
          <Text c="dimmed">No gateway has a tag yet. Tags say what groups do not: a rack, a customer, a plan.</Text>
        ) : (
          <ScrollArea.Autosize mah={280} type="auto">
            <Stack gap={8}>
              {tags.map((tag) => {
                const state = stateOf(tag);
                return (
                  <Checkbox
                    key={tag}
                    label={state === 'some' ? `${tag} (${carriers(tag)} of ${chosen.length})` : tag}
                    checked={state === 'all'}
                    indeterminate={state === 'some'}
                    onChange={() => setWishes({ ...wishes, [tag]: state === 'all' ? 'none' : 'all' })}
                  />
                );
              })}
            </Stack>
          </ScrollArea.Autosize>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={() => modals.close(modalId)}>
            Cancel
          </Button>
          <Button type="submit" disabled={Object.keys(wishes).length === 0 && typedTag === ''} loading={isRunning}>
            {typedTag === '' ? 'Save' : 'Add the tag'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
