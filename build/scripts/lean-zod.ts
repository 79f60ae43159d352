// Leaves out of a bundle what nobody uses of zod: 500 of 800 KB, most of it messages in fifty languages, read at every
// start of the agent's `rpc`, which is started for every question.
import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

const namedImport = /^import \{ z \} from 'zod';$/m;

/** `z` as a namespace: only so the bundler sees which of its members are used. The sources say it in zod's usual way. */
export const leanZod: Plugin = {
  name: 'lean-zod',
  setup(bundling) {
    bundling.onLoad({ filter: /[/\\](gateway-agent|electron)[/\\].*\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      return { contents: source.replace(namedImport, "import * as z from 'zod';"), loader: 'ts' };
    });
  },
};
