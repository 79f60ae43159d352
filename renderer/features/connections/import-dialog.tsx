// Import from file in three steps: the file, what it would do line by line, merge or replace. The file is read and
// judged in the worker; nothing changes before the last button.
import { useEffect, useRef, useState } from 'react';
import { Button, Group, Loader, Modal, Stepper, Text } from '@mantine/core';
import type { PreviewSummary } from '../../workers/list-protocol.ts';
import { ImportChoice, type ImportWay } from './import-choice.tsx';
import { ImportFileStep } from './import-file-step.tsx';
import { ImportPreviewStep } from './import-preview-step.tsx';
import { Remark } from './remark.tsx';
import type { AddressListEditing } from './use-address-list.ts';

/** Where the lines come from; `source: null` asks for a file. */
export type ImportSource = { fileName: string | null; source: string | Blob | null };

type Props = {
  source: ImportSource | null; // null: closed
  onSource: (source: ImportSource) => void;
  onClose: () => void;
  editing: AddressListEditing;
};

/** The dialog. */
export function ImportDialog({ source, onSource, onClose, editing }: Props) {
  return (
    <Modal
      opened={source !== null}
      onClose={onClose}
      title={`Import from ${source?.fileName ?? 'file'}`}
      size={760}
      closeButtonProps={{ 'aria-label': 'Close the import' }}
    >
      {source !== null && <Steps source={source} {...{ onSource, onClose, editing }} />}
    </Modal>
  );
}

type StepsProps = Omit<Props, 'source'> & { source: ImportSource };

function Steps({ source, onSource, onClose, editing }: StepsProps) {
  const { preview, bug } = usePreview(source, editing);
  const [isChoosing, setChoosing] = useState(false);
  const [way, setWay] = useState<ImportWay>('merge');
  const step = source.source === null ? 0 : isChoosing ? 2 : 1;
  const back = (): void => (step === 2 ? setChoosing(false) : onSource({ fileName: null, source: null }));
  return (
    <>
      <Stepper active={step} size="xs" mb="md" allowNextStepsSelect={false}>
        <Stepper.Step label="File" />
        <Stepper.Step label="Preview" />
        <Stepper.Step label="Merge or replace" />
      </Stepper>
      {step === 0 && <ImportFileStep onSource={onSource} />}
      {step === 1 && bug !== null && (
        <Remark tone="bad" role="alert">
          {bug}
        </Remark>
      )}
      {step === 1 && bug === null && preview === null && (
        <Group role="status" mih={200} justify="center">
          <Loader size="sm" />
          <Text>Reading {source.fileName}…</Text>
        </Group>
      )}
      {step === 1 && preview !== null && <ImportPreviewStep preview={preview} lines={editing.previewLines} />}
      {step === 2 && preview !== null && (
        <ImportChoice {...{ preview, way }} onWay={setWay} current={editing.summary?.count ?? 0} />
      )}
      {step > 0 && (
        <Group justify="space-between" mt="md">
          <Button variant="default" onClick={back}>
            {step === 2 ? 'Back to the preview' : 'Other file'}
          </Button>
          <Group>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <NextButton
              {...{ preview, step, way }}
              onNext={() => setChoosing(true)}
              onApply={() => void editing.applyPreview(way).then(onClose)}
            />
          </Group>
        </Group>
      )}
    </>
  );
}

type NextProps = {
  preview: PreviewSummary | null;
  step: number;
  way: ImportWay;
  onNext: () => void;
  onApply: () => void;
};

function NextButton({ preview, step, way, onNext, onApply }: NextProps) {
  const hasEntries = preview !== null && preview.replacedCount > 0;
  if (step === 1) {
    return (
      <Button onClick={onNext} disabled={!hasEntries} data-autofocus>
        Continue
      </Button>
    );
  }
  if (preview === null) return null;
  const { added } = preview.counts;
  return way === 'merge' ? (
    <Button onClick={onApply}>{added === 1 ? 'Add 1 entry' : `Add ${added.toLocaleString('en')} entries`}</Button>
  ) : (
    <Button onClick={onApply} color={preview.dropped > 0 ? 'red' : ''}>
      Replace by {preview.replacedCount.toLocaleString('en')} {preview.replacedCount === 1 ? 'entry' : 'entries'}
    </Button>
  );
}

type Read = { source: string | Blob; preview: PreviewSummary | null; bug: string | null };

function usePreview({ source }: ImportSource, editing: AddressListEditing): Pick<Read, 'preview' | 'bug'> {
  const [read, setRead] = useState<Read | null>(null);
  const ask = useRef(editing.preview);
  useEffect(() => {
    if (source === null) return undefined;
    let isCurrent = true;
    const take = (preview: PreviewSummary | null, bug: string | null): void => {
      if (isCurrent) setRead({ source, preview, bug });
    };
    ask.current(source).then(
      (preview) => take(preview, null),
      (error: unknown) => take(null, `The file cannot be read: ${String(error)}`),
    );
    return () => {
      isCurrent = false;
    };
  }, [source]);
  return read !== null && read.source === source ? read : { preview: null, bug: null };
}
