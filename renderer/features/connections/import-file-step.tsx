// First step of an import: a file by dialog, by drop, or lines from the clipboard.
import { useState, type ClipboardEvent } from 'react';
import { Button, Code, Text } from '@mantine/core';
import { callGateway } from '../../api/gateway-bridge.ts';
import classes from './import-dialog.module.css';
import type { ImportSource } from './import-dialog.tsx';
import { Remark } from './remark.tsx';

const sample = '192.168.1.1\n192.168.2.0:255.255.255.0   # branch office\n192.168.5.32/26\n2001:db8::/32';

/** The lines may be many: a paste is taken as it comes and never drawn as text. */
export function ImportFileStep({ onSource }: { onSource: (source: ImportSource) => void }) {
  const [problem, setProblem] = useState<string | null>(null);
  const open = async (): Promise<void> => {
    setProblem(null);
    const opened = await callGateway('list:open', {});
    if (!opened.ok) setProblem(opened.problem.message);
    else if (opened.value !== null) onSource({ fileName: opened.value.fileName, source: opened.value.text });
  };
  const paste = (event: ClipboardEvent): void => {
    const text = event.clipboardData.getData('text/plain');
    if (text.trim() !== '') onSource({ fileName: 'the clipboard', source: text });
  };
  return (
    <div
      className={classes['drop']}
      onPaste={paste}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        event.stopPropagation();
        const file = event.dataTransfer.files[0];
        if (file !== undefined) onSource({ fileName: file.name, source: file });
      }}
    >
      <Button onClick={() => void open()} data-autofocus>
        Choose a file
      </Button>
      <Text c="dimmed" size="sm">
        or drop one here, or paste lines with Ctrl+V
      </Text>
      {problem !== null && (
        <Remark tone="bad" role="alert">
          {problem}
        </Remark>
      )}
      <Text size="sm" mt="sm">
        One entry a line; blank lines and lines that begin with # are skipped:
      </Text>
      <Code block>{sample}</Code>
    </div>
  );
}
