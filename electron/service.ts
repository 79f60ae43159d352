// Composition root of the service process: opens fleet folder, vault and engine, and answers the window's calls. It
// imports no Electron but the port to the main process, which asks who calls and owns the dialogs.
import { openAppServices, type AppServices } from './app-services.ts';
import type { FleetWatch } from './fleet/fleet-watch.ts';
import { registerHandlers } from './handlers/register-handlers.ts';
import type { Dialogs, Emit } from './handlers/services.ts';
import { watchSights } from './handlers/watch-sights.ts';
import { createAnswers, parseEvent } from './ipc/answers.ts';
import type { DialogQuestion, FromService, ServiceStart, ToService } from './ipc/service-messages.ts';

const port = process.parentPort;
const answers = createAnswers(logBug);
const openDialogs = new Map<number, (path: string | null) => void>();
let lastDialog = 0;
let app: AppServices | null = null;
let watch: FleetWatch | null = null;
let opened: Promise<void> = Promise.resolve();

port.on('message', ({ data }: { data: ToService }) => {
  if (data.kind === 'start') opened = open(data.start);
  else if (data.kind === 'call') void answer(data.id, data.channel, data.rawInput);
  else if (data.kind === 'close') void close();
  else {
    openDialogs.get(data.id)?.(data.path);
    openDialogs.delete(data.id);
  }
});

function send(message: FromService): void {
  port.postMessage(message);
}

async function open({ userData, info }: ServiceStart): Promise<void> {
  const services = await openAppServices({ userData, info, dialogs, emit });
  if (!services.ok) return send({ kind: 'failed', problem: services.problem });
  app = services.value;
  const sights = registerHandlers(answers.handle, app.services);
  watch = watchSights(app.services, sights);
  send({ kind: 'ready' });
}

async function answer(id: number, channel: string, rawInput: unknown): Promise<void> {
  await opened;
  send({ kind: 'answer', id, outcome: await answers.answer(channel, rawInput) });
}

async function close(): Promise<void> {
  watch?.stop();
  await app?.close();
  send({ kind: 'closed' });
}

const emit: Emit = (event, data) => {
  const parsed = parseEvent(event, data);
  send({ kind: 'event', event, data: parsed });
  // What was saved, pushed or signed in anew is looked at again at once.
  if ('name' in parsed && event === 'fleet:changed') watch?.touch(parsed.name);
};

function askDialog(question: DialogQuestion): Promise<string | null> {
  return new Promise((resolve) => {
    const id = ++lastDialog;
    openDialogs.set(id, resolve);
    send({ kind: 'dialog', id, question });
  });
}

const dialogs: Dialogs = {
  openFile: (filters) => askDialog({ dialog: 'openFile', filters }),
  saveFile: (suggestedName) => askDialog({ dialog: 'saveFile', suggestedName }),
  openFolder: () => askDialog({ dialog: 'openFolder' }),
};

/** The channel and the stack, never the input: it may hold a secret. */
function logBug(channel: string, error: unknown): void {
  const story = error instanceof Error ? (error.stack ?? error.message) : 'not an Error';
  process.stderr.write(`postern: bug in ${channel}: ${story}\n`);
}
