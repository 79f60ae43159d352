// The list workbench for a list that stands for itself: neither a deny nor a permit list until somebody uses it.
import { useEffect, useState } from 'react';
import { createListClient } from './list-client.ts';
import { ListEditor } from './list-editor.tsx';
import { useAddressList } from './use-address-list.ts';

type Props = {
  name: string;
  text: string;
  onText: (text: string) => void;
  onProblem: (problem: string | null) => void;
};

/** Holds the list in a worker of its own while the screen is open. */
export function SharedListEditor({ name, text, onText, onProblem }: Props) {
  const [client] = useState(() => createListClient());
  const editing = useAddressList({ client, list: 'deny', text, onText: (_, next) => onText(next) });
  useEffect(() => () => client.close(), [client]);
  const unreadable = editing.summary?.unreadableCount ?? 0;
  const { isPending } = editing;
  useEffect(() => {
    if (isPending) onProblem('The last edit is still being written.');
    else if (unreadable > 0) onProblem(`${unreadable.toLocaleString('en')} lines cannot be read.`);
    else onProblem(null);
  }, [isPending, unreadable, onProblem]);
  return <ListEditor editing={editing} mode={null} name={name} />;
}
