// One file of the TLS section: Browse picks it, Upload has it checked and stored, then its facts stand here.
import { useEffect, type ReactNode } from 'react';
import { Button, Group, Text } from '@mantine/core';
import { IconFile } from '@tabler/icons-react';
import type { FileFacts } from '#contract/fleet';
import type { FilePurpose } from '#ipc';
import { SettingsField } from '../../components/settings-section.tsx';
import classes from './connections.module.css';
import { FileFactsList } from './file-facts.tsx';
import { PassphraseDialog } from './passphrase-dialog.tsx';
import { Remark } from './remark.tsx';
import { useFileUpload } from './use-file-upload.ts';

type Props = {
  purpose: FilePurpose;
  label: string;
  help: string;
  stored: { sha256: string; facts: FileFacts | null } | null;
  onStored: (facts: FileFacts) => void;
  onRemove: () => void;
  onProblems: (field: string, problem: string | null) => void;
  children?: ReactNode;
};

/** The row of one file. What was picked but not uploaded keeps Save waiting: nothing chosen is silently left out. */
export function FileField({ purpose, label, help, stored, onStored, onRemove, onProblems, children }: Props) {
  const upload = useFileUpload(purpose, onStored);
  const { picked } = upload;
  const field = `connections.tls.${purpose}.upload`;
  useEffect(() => {
    onProblems(
      field,
      picked === null ? null : `${picked.fileName} is chosen but not uploaded. Upload it, or discard it.`,
    );
  }, [field, picked, onProblems]);
  useEffect(() => () => onProblems(field, null), [field, onProblems]);
  return (
    <SettingsField label={label} of={`connections.tls.${purpose}`}>
      <Group gap="xs" className={classes['inline'] ?? ''}>
        <Button variant="default" onClick={() => void upload.browse()} aria-label={`Browse for ${label}`}>
          Browse…
        </Button>
        <Button
          variant={picked === null ? 'default' : 'filled'}
          disabled={picked === null}
          loading={upload.isRunning}
          onClick={() => void upload.upload()}
          aria-label={`Upload ${label}`}
        >
          Upload
        </Button>
        {picked !== null && (
          <>
            <IconFile size={16} aria-hidden />
            <Text size="sm">{picked.fileName}, not uploaded yet</Text>
            <Button size="compact-sm" variant="subtle" onClick={upload.drop}>
              Discard
            </Button>
          </>
        )}
        {picked === null && stored !== null && (
          <Button variant="subtle" color="red" onClick={onRemove} aria-label={`Remove ${label}`}>
            Remove
          </Button>
        )}
        {picked === null && stored === null && (
          <Text size="sm" c="dimmed">
            No file
          </Text>
        )}
      </Group>
      {stored === null && (
        <Text c="dimmed" size="13px" lh={1.4}>
          {help}
        </Text>
      )}
      {upload.problem !== null && (
        <Remark tone="bad" role="alert">
          {upload.problem.message} {upload.problem.hint}
        </Remark>
      )}
      {stored !== null && <FileFactsList sha256={stored.sha256} facts={stored.facts} />}
      {children}
      <PassphraseDialog
        fileName={upload.asksPassphrase ? (picked?.fileName ?? '') : null}
        problem={upload.passphraseProblem}
        isRunning={upload.isRunning}
        onPassphrase={(passphrase) => void upload.upload(passphrase)}
        onClose={upload.cancelPassphrase}
      />
    </SettingsField>
  );
}
