// Addresses, revisions and fingerprints: monospace, whole on hover, copied with one click.
import { ActionIcon, CopyButton, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { shortRevision } from '#contract/files';
import classes from './mono.module.css';

type Props = { children: string; copies?: string; name?: string; wraps?: boolean };

/** A value to compare or copy. `name` says what is copied: 'fingerprint'. */
export function Mono({ children, copies, name, wraps = false }: Props) {
  return (
    <span className={classes['mono']} data-wraps={wraps || undefined}>
      <span className={classes['text']}>{children}</span>
      {name !== undefined && <Copy value={copies ?? children} name={name} />}
    </span>
  );
}

function Copy({ value, name }: { value: string; name: string }) {
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? 'Copied' : `Copy ${name}`}>
          <ActionIcon size={20} variant="subtle" color="gray" onClick={copy} aria-label={`Copy ${name}`}>
            {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  );
}

/** A revision as people compare it: twelve digits behind an r. */
export function RevisionText({
  revision,
  canCopy = false,
}: {
  revision: string | null | undefined;
  canCopy?: boolean;
}) {
  if (revision === null || revision === undefined) return <span className={classes['mono']}>none</span>;
  return (
    <Mono copies={revision} {...(canCopy ? { name: 'revision' } : {})}>
      {`r ${shortRevision(revision)}`}
    </Mono>
  );
}
