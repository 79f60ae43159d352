// `jump-hosts/<name>.yaml`: SSH servers on the way, each with its own host keys and sign-in.
import { JumpHost } from '#contract/fleet';
import { createNamedFiles } from './named-yaml.ts';

/** Reads, lists and changes them. */
export const jumpHostFiles = createNamedFiles({
  sub: 'jump-hosts',
  word: 'jump host',
  schema: JumpHost,
  defaults: { port: 22, signIn: { kind: 'agent' }, credential: null, hostKeys: [] },
});
