// Entry of the `postern` command: first the code cache, then everything else, which is the composition root in
// cli/run-postern.ts. The build keeps the two in files of their own: what is loaded before the cache is not cached.
import module from 'node:module';
import { join } from 'node:path';
import { appFolder } from './cli/app-folder.ts';

// Node 22 and later. In the user's own folder: Node's default lies in /tmp, where others could leave code for us.
module.enableCompileCache?.(join(appFolder(), 'code-cache'));
void import('./cli/run-postern.ts').then(({ runPostern }) => runPostern());
