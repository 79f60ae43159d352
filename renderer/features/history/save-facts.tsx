// One save as people name it: when, by whom, its words, its commit, and whom it touched.
import { Text } from '@mantine/core';
import type { HistoryEntry } from '#ipc';
import { formatAgo, formatMoment } from '../../components/format-time.ts';
import { Mono } from '../../components/mono.tsx';
import { useNow } from '../../components/use-now.ts';
import { ScopeChips } from './scope-chips.tsx';
import { shortCommit } from './short-commit.ts';
import classes from './history.module.css';

/** Chips of one save in full; a move of a thousand gateways is told by the count. */
const chipsShown = 12;

/** The facts above what a save changed. */
export function SaveFacts({ entry }: { entry: HistoryEntry }) {
  const now = useNow();
  const { commit, at, author, body, scopes } = entry;
  return (
    <div className={classes['facts']}>
      <Text>
        {author}, {formatAgo(at, now)} ({formatMoment(at)})
      </Text>
      <span className={classes['factsCommit']}>
        commit
        <Mono name="commit" copies={commit}>
          {shortCommit(commit)}
        </Mono>
      </span>
      {scopes.length > 0 && <ScopeChips scopes={scopes} shown={chipsShown} />}
      {body !== '' && <Text className={classes['bodyText']}>{body}</Text>}
    </div>
  );
}

/** One of two that are compared, in a line. */
export function SaveLine({ name, entry }: { name: string; entry: HistoryEntry | null }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        {entry === null ? (
          'what is saved now'
        ) : (
          <>
            <b>{entry.words}</b>
            <span className={classes['dim']}>
              {' '}
              {entry.author}, {formatMoment(entry.at)},{' '}
            </span>
            <Mono name="commit" copies={entry.commit}>
              {shortCommit(entry.commit)}
            </Mono>
          </>
        )}
      </dd>
    </>
  );
}
