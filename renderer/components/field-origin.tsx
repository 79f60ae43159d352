// Beside a field: where its value comes from, in two or three quiet words; behind them the way back to what is
// inherited, and who below does not follow.
import { useId } from 'react';
import { Anchor, Button, Popover, Stack, Text, UnstyledButton } from '@mantine/core';
import type { Origin } from '#contract/scope';
import { settingInWords } from '#contract/setting-words';
import type { SettingPath } from '#contract/settings-layer';
import { originInWords, scopeInWords, scopePath, tabOf, useScopeEditing, type ScopeEditing } from './scope-editing.ts';
import classes from './field-origin.module.css';

/** Names of those who deviate that stand in a line; more are told by their count. */
const namesTold = 12;

/** One setting that a row of a form edits. */
export type OriginField = { path: SettingPath; title: string };

/** The badge of one row, which may edit several settings; nothing where no scope is edited. */
export function FieldOrigin({ label, fields }: { label: string; fields: readonly OriginField[] }) {
  const editing = useScopeEditing();
  const id = useId();
  if (editing === null) return null;
  const { words, isSetHere, isDefault } = summaryOf(editing, fields);
  const deviating = new Set(fields.flatMap(({ path }) => editing.deviations[path] ?? []));
  return (
    <Popover position="bottom-end" width={340} shadow="md" withArrow trapFocus returnFocus>
      <Popover.Target>
        <UnstyledButton
          className={classes['badge']}
          data-set={isSetHere || undefined}
          data-default={isDefault || undefined}
          title={hint(editing, fields)}
        >
          <span className={classes['hidden']}>{label}: </span>
          {words}
          {deviating.size > 0 && (
            <span className={classes['below']}>
              {deviating.size === 1 ? '1 has its own' : `${deviating.size} have their own`}
            </span>
          )}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown aria-labelledby={id}>
        <Text id={id} className={classes['hidden']}>
          Where {label} comes from
        </Text>
        <Stack gap="md">
          {fields.map(({ path, title }) => (
            <Stack key={path} gap={6} align="flex-start">
              <Text fw={600}>{title}</Text>
              <Story editing={editing} path={path} />
              <Below names={editing.deviations[path] ?? []} />
            </Stack>
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

function summaryOf(editing: ScopeEditing, fields: readonly OriginField[]) {
  const here = fields.filter(({ path }) => editing.draft.overrides.includes(path));
  const inherited = new Set(
    fields.filter((field) => !here.includes(field)).map(({ path }) => shortWords(originOf(editing, path))),
  );
  const isSetHere = here.length > 0;
  const setWords = here.length === fields.length ? 'set here' : `${here.length} of ${fields.length} set here`;
  const [only = 'default'] = inherited;
  const words = isSetHere ? setWords : inherited.size > 1 ? 'several' : only;
  return { words, isSetHere, isDefault: words === 'default' };
}

/** Who would decide if nothing were set here. */
function originOf({ inherited }: ScopeEditing, path: SettingPath): Origin {
  return inherited.origins[path] ?? { kind: 'default' };
}

function shortWords(origin: Origin): string {
  switch (origin.kind) {
    case 'default':
      return 'default';
    case 'fleet':
      return 'from fleet';
    case 'group':
      return `from group ${origin.name}`;
    case 'gateway':
      return `from ${origin.name}`;
  }
}

/** The tooltip. A row of several settings leaves the story to the popover. */
function hint(editing: ScopeEditing, fields: readonly OriginField[]): string | undefined {
  const [field] = fields;
  if (field === undefined || fields.length > 1) return undefined;
  const inherited = settingInWords(editing.inherited.settings, field.path);
  const from = originInWords(originOf(editing, field.path));
  const here = scopeInWords(editing.scope);
  return editing.draft.overrides.includes(field.path)
    ? `Set for ${here}. Inherited: ${inherited}, from ${from}.`
    : `Comes from ${from}. Change it to set it for ${here}.`;
}

function Story({ editing, path }: { editing: ScopeEditing; path: SettingPath }) {
  const origin = originOf(editing, path);
  const inherited = settingInWords(editing.inherited.settings, path);
  const here = scopeInWords(editing.scope);
  const from =
    origin.kind === 'default' ? (
      originInWords(origin)
    ) : (
      <Anchor href={`#${scopePath(origin, tabOf(path))}`} underline="always">
        {originInWords(origin)}
      </Anchor>
    );
  if (!editing.draft.overrides.includes(path)) {
    return (
      <>
        <Text fz={13}>Comes from {from} and follows it. Change it to set it here.</Text>
        <Button size="compact-sm" variant="default" onClick={() => editing.pin(path)}>
          Keep this value for {here}
        </Button>
      </>
    );
  }
  return (
    <>
      <Text fz={13}>
        Set for {here}. Without that it is <b>{inherited}</b>, from {from}.
      </Text>
      <Button size="compact-sm" variant="default" maw="100%" onClick={() => editing.reset(path)}>
        Reset to {inherited}
      </Button>
    </>
  );
}

function Below({ names }: { names: readonly string[] }) {
  if (names.length === 0) return null;
  const rest = names.length - namesTold;
  const told = `${names.slice(0, namesTold).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  return (
    <Text fz={13}>
      {names.length === 1 ? 'Set below, and not following' : `${names.length} below have their own`}: {told}.
    </Text>
  );
}
