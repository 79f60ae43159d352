// Run by node: the app's service process without its window. Answers calls that come as messages, sends events back.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openAppServices } from '../../electron/app-services.ts';
import { registerHandlers } from '../../electron/handlers/register-handlers.ts';
import { createAnswers } from '../../electron/ipc/answers.ts';

const [userData = '', fleetFolder = ''] = process.argv.slice(2);
const tell = (message: unknown) => process.send?.(message);

await mkdir(userData, { recursive: true });
await writeFile(join(userData, 'preferences.json'), JSON.stringify({ fleetFolder }));
const nobody = () => Promise.resolve(null);
const opened = await openAppServices({
  userData,
  dialogs: { openFile: nobody, saveFile: nobody, openFolder: nobody },
  emit: (event, data) => tell({ event, data }),
  info: { version: '0.0.0', electron: '', isDevelopmentRuntime: false, platform: process.platform },
});
if (!opened.ok) throw new Error(opened.problem.message);
const answers = createAnswers((channel, error) => process.stderr.write(`bug in ${channel}: ${String(error)}\n`));
registerHandlers(answers.handle, opened.value.services);

process.on('message', (message: { id: number; channel: string; input: unknown }) => {
  const { id, channel, input } = message;
  if (channel === 'close') void opened.value.close().then(() => process.exit(0));
  else void answers.answer(channel, input).then((outcome) => tell({ id, outcome }));
});
tell({ isReady: true });
