// A list typed one entry a line. The text is the user's; the draft holds the entries in it.
import { useState } from 'react';
import { Textarea } from '@mantine/core';

type Props = {
  id: string;
  /** Lines in sight; the field scrolls beyond. Growing with the text would lay out thousands of lines per key. */
  rows?: number;
  entries: string[];
  placeholder: string;
  isWrong: boolean;
  onChange: (entries: string[]) => void;
};

function toEntries(text: string): string[] {
  return text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Follows the draft when the draft changes elsewhere (cancel, undo). */
export function LinesField({ id, rows = 4, entries, placeholder, isWrong, onChange }: Props) {
  const [text, setText] = useState(entries.join('\n'));
  const shown = toEntries(text).join('\n') === entries.join('\n') ? text : entries.join('\n');
  return (
    <Textarea
      id={id}
      rows={rows}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }}
      spellCheck={false}
      placeholder={placeholder}
      value={shown}
      error={isWrong}
      onChange={(event) => {
        setText(event.currentTarget.value);
        onChange(toEntries(event.currentTarget.value));
      }}
    />
  );
}
