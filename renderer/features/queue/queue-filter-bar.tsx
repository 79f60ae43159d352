// The filter above the queue: domain, text of the last reply, state, age. Typed texts are asked after a pause.
import { useEffect, useRef, useState } from 'react';
import { Button, Select, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { isWhole, wholeQueue, type QueueFilter } from './queue-filter.ts';
import classes from './queue.module.css';

/** Each question goes to the gateway: not one for every key. */
const pauseMilliseconds = 300;

const states = [
  { value: 'any', label: 'Any state' },
  { value: 'queued', label: 'Queued' },
  { value: 'deferred', label: 'Deferred' },
  { value: 'held', label: 'Held' },
];

const ages = [
  { value: '0', label: 'Any age' },
  { value: '300', label: 'Over 5 minutes' },
  { value: '3600', label: 'Over 1 hour' },
  { value: '14400', label: 'Over 4 hours' },
  { value: '86400', label: 'Over 1 day' },
  { value: '259200', label: 'Over 3 days' },
];

/** Tells the filter when it changed and the typing paused. */
export function QueueFilterBar({ onFilter }: { onFilter: (filter: QueueFilter) => void }) {
  const [filter, setFilter] = useState(wholeQueue);
  const told = useRef(filter);
  const tell = useRef(onFilter);
  useEffect(() => {
    tell.current = onFilter;
  });
  useEffect(() => {
    if (told.current === filter) return undefined;
    const isTyping = told.current.domain !== filter.domain || told.current.error !== filter.error;
    const timer = setTimeout(
      () => {
        told.current = filter;
        tell.current(filter);
      },
      isTyping ? pauseMilliseconds : 0,
    );
    return () => clearTimeout(timer);
  }, [filter]);
  const set = (part: Partial<QueueFilter>): void => setFilter({ ...filter, ...part });
  return (
    <div className={classes['filter']} role="search" aria-label="Filter the queue">
      <TextInput
        aria-label="Recipient domain"
        data-search
        placeholder="Recipient domain"
        leftSection={<IconSearch size={16} aria-hidden />}
        maxLength={255}
        className={classes['grow'] ?? ''}
        value={filter.domain}
        onChange={(event) => set({ domain: event.currentTarget.value })}
      />
      <TextInput
        aria-label="Text of the last reply"
        placeholder="Text of the last reply"
        maxLength={200}
        className={classes['grow'] ?? ''}
        value={filter.error}
        onChange={(event) => set({ error: event.currentTarget.value })}
      />
      <Select
        aria-label="State"
        w={130}
        allowDeselect={false}
        data={states}
        value={filter.state}
        onChange={(state) => set({ state: (state ?? 'any') as QueueFilter['state'] })}
      />
      <Select
        aria-label="Age"
        w={150}
        allowDeselect={false}
        data={ages}
        value={String(filter.minAgeSeconds)}
        onChange={(age) => set({ minAgeSeconds: Number(age ?? 0) })}
      />
      {!isWhole(filter) && (
        <Button variant="subtle" color="gray" onClick={() => setFilter(wholeQueue)}>
          Clear
        </Button>
      )}
    </div>
  );
}
