// What of a queue is asked for.
import type { RawInput } from '#ipc';

/** The form above the table; empty texts ask for everything. */
export type QueueFilter = {
  domain: string;
  error: string;
  state: 'any' | 'queued' | 'deferred' | 'held';
  minAgeSeconds: number;
};

/** Everything. */
export const wholeQueue: QueueFilter = { domain: '', error: '', state: 'any', minAgeSeconds: 0 };

/** Whether anything is left out. */
export function isWhole(filter: QueueFilter): boolean {
  return JSON.stringify(filter) === JSON.stringify(wholeQueue);
}

/** The filter as the gateway takes it. People paste whole addresses: what stands behind the @ is the domain. */
export function toListInput(name: string, filter: QueueFilter): RawInput<'queue:list'> {
  const domain = filter.domain.trim().toLowerCase().replace(/^.*@/, '');
  const error = filter.error.trim();
  return {
    name,
    ...(domain === '' ? {} : { domain }),
    ...(error === '' ? {} : { error }),
    ...(filter.state === 'any' ? {} : { state: filter.state }),
    ...(filter.minAgeSeconds === 0 ? {} : { minAgeSeconds: filter.minAgeSeconds }),
  };
}
