// Whether the record holds, in words: how much was looked at, and each place where it does not.
import { Alert, Text } from '@mantine/core';
import { IconShieldCheck, IconShieldX } from '@tabler/icons-react';
import type { Output } from '#ipc';
import { formatCount } from '../../components/format-time.ts';
import classes from './audit.module.css';

/** What the log answers when it is verified. */
export type Verdict = Output<'audit:verify'>;

/** The verdict above the table. */
export function AuditVerdictNotice({ verdict, onClose }: { verdict: Verdict; onClose: () => void }) {
  const { entries, chains, broken } = verdict;
  const counted = `${many(entries, 'entry', 'entries')} in ${many(chains, 'chain', 'chains')}`;
  const holds = broken.length === 0;
  return (
    <Alert
      color={holds ? 'green' : 'red'}
      icon={holds ? <IconShieldCheck size={18} /> : <IconShieldX size={18} />}
      title={
        holds ? `All of it holds: ${counted}` : `The record does not hold in ${many(broken.length, 'place', 'places')}`
      }
      withCloseButton
      closeButtonLabel="Close the verdict"
      onClose={onClose}
    >
      {holds ? (
        <Text>
          Every entry carries the hash of the one before it, and each chain ends where this computer last saw it end.
          Each computer that writes to this fleet has a chain of its own.
        </Text>
      ) : (
        <>
          <Text>{counted} were looked at. Entries were changed, taken out or cut off afterwards:</Text>
          <ul className={classes['broken']}>
            {broken.map(({ writer, number, words }) => (
              <li key={`${writer} ${number ?? ''} ${words}`}>
                {writer}
                {number !== null && `, entry ${number}`}: {words}
              </li>
            ))}
          </ul>
        </>
      )}
    </Alert>
  );
}

function many(count: number, one: string, more: string): string {
  return `${formatCount(count)} ${count === 1 ? one : more}`;
}
