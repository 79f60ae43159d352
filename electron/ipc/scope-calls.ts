// Calls about groups, shared lists and what is inherited.
import { z } from 'zod';
import { FleetName } from '#contract/settings';

const Nothing = z.strictObject({});
const ByName = z.strictObject({ name: FleetName });
const ListText = z.string().max(64 * 1024 * 1024);
const Undo = z.object({ undo: z.string() }); // commit to bring it back from

/** A group as the tree shows it. An unreadable file is a row too. */
export const GroupRow = z.object({
  name: z.string(),
  parent: z.string().nullable(),
  gateways: z.int(), // in it and below it
  overrides: z.int(), // settings made here
  unreadable: z.string().nullable(),
});
export type GroupRow = z.infer<typeof GroupRow>;

/** A shared list and who uses it. */
export const SharedListRow = z.object({
  name: z.string(),
  entries: z.int(),
  /** Scopes in words: 'the fleet', 'group edge', 'mx1'. */
  usedBy: z.array(z.string()),
  unreadable: z.string().nullable(),
});
export type SharedListRow = z.infer<typeof SharedListRow>;

export const scopeCalls = {
  'groups:list': { input: Nothing, output: z.array(GroupRow) },
  'groups:add': { input: z.strictObject({ name: FleetName, parent: FleetName.nullable() }), output: Nothing },
  'groups:move': { input: z.strictObject({ name: FleetName, parent: FleetName.nullable() }), output: Nothing },
  /** Its gateways and groups stay in it. `exists` when the new name is taken. */
  'groups:rename': { input: ByName.extend({ newName: FleetName }), output: Nothing },
  /** Its gateways and groups go up to its parent; what it set is gone for them, and the words of the commit say so. */
  'groups:remove': { input: ByName, output: Undo },
  'groups:restore': { input: ByName.extend({ undo: z.string().regex(/^[0-9a-f]{40}$/) }), output: Nothing },
  'gateways:move': {
    input: z.strictObject({ names: z.array(FleetName).min(1).max(10_000), group: FleetName.nullable() }),
    output: Nothing,
  },
  'gateways:tag': {
    input: z.strictObject({
      names: z.array(FleetName).min(1).max(10_000),
      add: z.array(FleetName).max(50),
      remove: z.array(FleetName).max(50),
    }),
    output: Nothing,
  },

  /** Lists that may be shared; a gateway's own entries are not among them. */
  'lists:list': { input: Nothing, output: z.array(SharedListRow) },
  'lists:load': { input: ByName, output: z.object({ text: ListText, savedVersion: z.string() }) },
  /** `savedVersion: null` makes a new list. */
  'lists:save': {
    input: ByName.extend({ text: ListText, savedVersion: z.string().nullable() }),
    output: z.object({ savedVersion: z.string() }),
  },
  /** Refused (`exists`) while somebody uses it: the message says who. */
  'lists:remove': { input: ByName, output: Undo },
  'lists:restore': { input: ByName.extend({ undo: z.string().regex(/^[0-9a-f]{40}$/) }), output: Nothing },
} as const;
