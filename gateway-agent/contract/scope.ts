// Where a setting is kept: for the whole fleet, for a group, for one gateway. The nearest one wins.
import { z } from 'zod';
import { FleetName } from './settings.ts';

/** One place that holds settings. */
export const Scope = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('fleet') }),
  z.strictObject({ kind: z.literal('group'), name: FleetName }),
  z.strictObject({ kind: z.literal('gateway'), name: FleetName }),
]);
export type Scope = z.infer<typeof Scope>;

/** Where the value of a field comes from; `default`: nobody set it. */
export const Origin = z.discriminatedUnion('kind', [z.strictObject({ kind: z.literal('default') }), ...Scope.options]);
export type Origin = z.infer<typeof Origin>;
