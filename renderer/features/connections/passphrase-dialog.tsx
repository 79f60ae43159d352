// Asks once for the passphrase of an encrypted private key. It is used for this upload and forgotten.
import { useState } from 'react';
import { Button, Group, Modal, PasswordInput, Text } from '@mantine/core';

type Props = {
  fileName: string | null; // null: closed
  problem: string | null;
  isRunning: boolean;
  onPassphrase: (passphrase: string) => void;
  onClose: () => void;
};

/** The question. */
export function PassphraseDialog({ fileName, problem, isRunning, onPassphrase, onClose }: Props) {
  return (
    <Modal
      opened={fileName !== null}
      onClose={onClose}
      title="This private key is encrypted"
      closeButtonProps={{ 'aria-label': 'Close without a passphrase' }}
    >
      {fileName !== null && <Question {...{ fileName, problem, isRunning, onPassphrase, onClose }} />}
    </Modal>
  );
}

function Question({ fileName, problem, isRunning, onPassphrase, onClose }: Props) {
  const [passphrase, setPassphrase] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        event.stopPropagation();
        if (passphrase !== '') onPassphrase(passphrase);
      }}
    >
      <Text size="sm" mb="sm">
        Postern needs its passphrase once to read it, and stores the key encrypted anew. The passphrase is not kept.
      </Text>
      <PasswordInput
        label={`Passphrase of ${fileName ?? ''}`}
        value={passphrase}
        onChange={(event) => setPassphrase(event.currentTarget.value)}
        error={problem}
        autoComplete="off"
        data-autofocus
      />
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={isRunning} disabled={passphrase === ''}>
          Upload
        </Button>
      </Group>
    </form>
  );
}
