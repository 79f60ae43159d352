// What stands behind a line of the history: what one save changed, two states compared, or the way back to one.
import { useState, type ReactNode } from 'react';
import { ActionIcon, Button, Drawer, Group, Tooltip } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconRestore } from '@tabler/icons-react';
import type { GatewayDifference, HistoryEntry } from '#ipc';
import type { Scope } from '#contract/scope';
import { useCall, type CallState } from '../../api/gateway-bridge.ts';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { scopeInWords } from '../../components/scope-editing.ts';
import type { Pair } from './compare-marks.ts';
import { DifferenceFolds, WaitingForDifferences } from '../../components/difference-folds.tsx';
import { RanPanel } from './ran-panel.tsx';
import { RestorePanel, type RestorePoint } from './restore-panel.tsx';
import { SaveFacts, SaveLine } from './save-facts.tsx';
import classes from './history.module.css';

/** What is looked at. */
export type Opened =
  | { kind: 'save'; entry: HistoryEntry }
  | { kind: 'compare'; pair: Pair }
  | { kind: 'restore'; points: RestorePoint[]; scope: Scope }
  | { kind: 'ran' };

type Props = {
  opened: Opened | null;
  /** The history on screen: of everything (null) or of one scope. */
  scope: Scope | null;
  onOpen: (opened: Opened) => void;
  onClose: () => void;
  /** To the next older or newer save. */
  onMove: (by: 1 | -1) => void;
};

const wholeFleet: Scope = { kind: 'fleet' };

/** The drawer keeps what it showed while it closes, so that nothing jumps. */
export function HistoryDrawer(props: Props) {
  const { opened, onClose } = props;
  const [shown, setShown] = useState(opened);
  if (opened !== null && opened !== shown) setShown(opened);
  return (
    <Drawer
      opened={opened !== null}
      onClose={onClose}
      position="right"
      size={680}
      title={shown === null ? '' : titleOf(shown)}
      closeButtonProps={{ 'aria-label': 'Close' }}
      classNames={{
        content: classes['drawer'] ?? '',
        header: classes['drawerHead'] ?? '',
        title: classes['drawerTitle'] ?? '',
        body: classes['drawerBody'] ?? '',
      }}
    >
      {shown !== null && <Content {...props} opened={shown} />}
    </Drawer>
  );
}

function titleOf(opened: Opened): string {
  switch (opened.kind) {
    case 'save':
      return opened.entry.words;
    case 'compare':
      return 'Compare';
    case 'restore':
      return 'Restore';
    case 'ran':
      return 'What ran when';
  }
}

function Content(props: Props & { opened: Opened }) {
  const { opened, scope, onOpen, onClose } = props;
  switch (opened.kind) {
    case 'save':
      return <Save key={opened.entry.commit} {...props} entry={opened.entry} />;
    case 'compare':
      return <Compare pair={opened.pair} scope={scope} onClose={onClose} />;
    case 'restore':
      return <RestorePanel points={opened.points} scope={opened.scope} onClose={onClose} />;
    case 'ran':
      return (
        <RanPanel
          name={scope?.kind === 'gateway' ? scope.name : null}
          onRestore={(name, point) => onOpen({ kind: 'restore', points: [point], scope: { kind: 'gateway', name } })}
        />
      );
  }
}

/** What "Restore" offers first: the scope on screen, or the only one that the save touched. */
function scopeToRestore(scope: Scope | null, { scopes }: HistoryEntry): Scope {
  return scope ?? (scopes.length === 1 ? scopes[0] : undefined) ?? wholeFleet;
}

function Save({ entry, scope, onOpen, onMove }: Props & { entry: HistoryEntry }) {
  const { commit, parent } = entry;
  const restore = (): void => {
    const points: RestorePoint[] = [
      { commit, label: 'after this save' },
      ...(parent === null ? [] : [{ commit: parent, label: 'before this save' }]),
    ];
    onOpen({ kind: 'restore', points, scope: scopeToRestore(scope, entry) });
  };
  return (
    <>
      <Scrolled label="What this save changed">
        <SaveFacts entry={entry} />
        {parent === null ? (
          'With this save the history begins.'
        ) : (
          <Changed
            from={parent}
            to={commit}
            scope={scope ?? wholeFleet}
            none="No setting of a gateway changed by it."
          />
        )}
      </Scrolled>
      <Group className={classes['drawerFoot']} justify="space-between">
        <Group gap="xs">
          <Button leftSection={<IconRestore size={16} />} onClick={restore} data-autofocus>
            Restore…
          </Button>
          <Button variant="default" onClick={() => onOpen({ kind: 'compare', pair: { from: entry, to: null } })}>
            Compare with now
          </Button>
        </Group>
        <Group gap={4}>
          <Move words="Newer save" onClick={() => onMove(-1)} Icon={IconChevronUp} />
          <Move words="Older save" onClick={() => onMove(1)} Icon={IconChevronDown} />
        </Group>
      </Group>
    </>
  );
}

type MoveProps = { words: string; onClick: () => void; Icon: typeof IconChevronUp };

function Move({ words, onClick, Icon }: MoveProps) {
  return (
    <Tooltip label={words}>
      <ActionIcon variant="default" size={36} aria-label={words} onClick={onClick}>
        <Icon size={18} />
      </ActionIcon>
    </Tooltip>
  );
}

function Compare({ pair, scope, onClose }: { pair: Pair; scope: Scope | null; onClose: () => void }) {
  const { from, to } = pair;
  const where = scope === null ? 'any gateway' : scopeInWords(scope);
  return (
    <>
      <Scrolled label="What differs">
        <dl className={classes['pair']}>
          <SaveLine name="From" entry={from} />
          <SaveLine name="To" entry={to} />
        </dl>
        <Changed
          from={from.commit}
          to={to?.commit ?? null}
          scope={scope ?? wholeFleet}
          none={`Between the two nothing differs for ${where}.`}
        />
      </Scrolled>
      <Group className={classes['drawerFoot']}>
        <Button variant="default" onClick={onClose} data-autofocus>
          Close
        </Button>
      </Group>
    </>
  );
}

type ChangedProps = { from: string; to: string | null; scope: Scope; none: string };

function Changed({ from, to, scope, none }: ChangedProps) {
  const compared = useCall('history:compare', { scope, from, to });
  return <Differences call={compared} none={none} />;
}

function Differences({ call, none }: { call: CallState<GatewayDifference[]>; none: string }) {
  if (call.problem !== null) {
    return (
      <ProblemAlert problem={call.problem} title="What changed cannot be told">
        <Button size="xs" variant="default" loading={call.isFetching} onClick={() => void call.reload()}>
          Try again
        </Button>
      </ProblemAlert>
    );
  }
  if (call.value === undefined) return <WaitingForDifferences words="Working out what each gateway was given…" />;
  return <DifferenceFolds differences={call.value} none={none} />;
}

/** A region that scrolls must be reachable by keyboard (axe: scrollable-region-focusable). */
function Scrolled({ label, children }: { label: string; children: ReactNode }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={classes['drawerContent']} role="region" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}
