// Appending to this computer's log: where it goes on, what a crash left of the last line, and the sync. Call it under
// the lock of the app's audit folder.
import { mkdir, open, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { type AuditFact, type ChainEnd, formatEntry, readChain } from './audit-chain.ts';
import { auditFileName, fullBytes } from './audit-files.ts';
import { type AuditHead, type LoadedHead, loadHead, saveHead } from './audit-head.ts';
import { syncFolder, systemCodeOf } from './durable-files.ts';

/** The folder of the logs, and the file that remembers their ends. */
export type LogPlace = { logs: string; fleetFolder: string; headFile: string };

/** Where the log goes on: behind `size` bytes of a file. `repair`: what is to be told about its end. */
type Continuation = { end: ChainEnd; part: number; size: number; endsLine: boolean; repair: AuditFact[] };

/** Appends the facts, after what a crash or a hand may have left is set right and told. */
export async function appendToLog(place: LogPlace, facts: readonly AuditFact[], by: string): Promise<void> {
  const loaded = await loadHead(place.headFile, place.fleetFolder);
  const { head } = loaded;
  const found = await findEnd(place.logs, head);
  const repair = [...lostMemory(loaded), ...found.repair];
  const hasCaughtUp = found.end.count !== head.end.count;
  if (facts.length + repair.length === 0 && !hasCaughtUp) return;
  // The chain's place is on disk before its first entry: a writer whose name is lost would start another chain.
  if (loaded.isNew) await saveHead(place.headFile, head);
  const { part, size, endsLine } = found.size < fullBytes ? found : { part: found.part + 1, size: 0, endsLine: true };
  let { end } = found;
  let text = endsLine ? '' : '\n';
  for (const fact of [...repair, ...facts]) {
    const entry = formatEntry(end, fact, { at: new Date().toISOString(), by });
    text += entry.line;
    end = entry.end;
  }
  if (text !== '') await appendSynced(place.logs, join(place.logs, auditFileName(head.writer, part)), text);
  await saveHead(place.headFile, { ...head, end, part, bytes: size + Buffer.byteLength(text) });
}

function lostMemory({ setAside }: LoadedHead): AuditFact[] {
  if (setAside === null) return [];
  const words =
    'What this computer remembered of its audit log could not be read and was set aside. It goes on in a new log; ' +
    'the old one is only vouched for by its own chain.';
  return [{ action: 'audit-repair', target: null, outcome: 'done', words }];
}

async function findEnd(logs: string, head: AuditHead): Promise<Continuation> {
  const here = await findEndOfFile(join(logs, auditFileName(head.writer, head.part)), head);
  const part = head.part + 1;
  if ((await sizeOf(join(logs, auditFileName(head.writer, part)))) === 0) return here;
  // A program was killed after it had begun the next file, before that was remembered.
  const next = await findEnd(logs, { ...head, end: here.end, part, bytes: 0 });
  return { ...next, repair: [...here.repair, ...next.repair] };
}

async function findEndOfFile(path: string, head: AuditHead): Promise<Continuation> {
  const size = await sizeOf(path);
  const asRemembered: Continuation = { end: head.end, part: head.part, size, endsLine: true, repair: [] };
  if (size === head.bytes) return asRemembered;
  const added = size > head.bytes ? await readFrom(path, Math.max(0, head.bytes - 1)) : null;
  if (added !== null && (head.bytes === 0 || added.startsWith('\n'))) {
    return catchUp(path, { head, size, added: head.bytes === 0 ? added : added.slice(1) });
  }
  // Cut, or moved by an edit in the middle: the chain goes on behind what was written, and the gap tells it for good.
  return { ...asRemembered, endsLine: size === 0 || (await readFrom(path, size - 1)) === '\n' };
}

type Tail = { head: AuditHead; size: number; added: string };

/** A program that was killed between the log and the memory of it left whole entries; in the middle of one, a part. */
async function catchUp(path: string, { head, size, added }: Tail): Promise<Continuation> {
  const whole = added.slice(0, added.lastIndexOf('\n') + 1);
  const torn = added.slice(whole.length);
  const end = endAfter(head, whole);
  const { part } = head;
  if (torn === '') return { end, part, size, endsLine: true, repair: [] };
  const kept = size - Buffer.byteLength(torn);
  await truncate(path, kept);
  const words = `The program that wrote the entry after ${end.count} ended in the middle of it. Its beginning: ${torn}`;
  const repair = [{ action: 'audit-repair', target: null, outcome: 'done', words }];
  return { end, part, size: kept, endsLine: true, repair };
}

/** Lines that do not continue the chain are nobody's entries: the chain goes on where it was. */
function endAfter({ writer, end }: AuditHead, lines: string): ChainEnd {
  const added = readChain(writer, lines, end);
  return added.breaks.length === 0 ? added.end : end;
}

async function appendSynced(folder: string, path: string, text: string): Promise<void> {
  const isNew = (await sizeOf(path)) === 0;
  await mkdir(folder, { recursive: true });
  const file = await open(path, 'a');
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  if (isNew) await syncFolder(folder);
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return 0;
    throw error;
  }
}

async function readFrom(path: string, start: number): Promise<string> {
  const file = await open(path, 'r');
  try {
    const parts: Buffer[] = [];
    for await (const part of file.createReadStream({ start, autoClose: false }))
      parts.push(Buffer.from(part as Buffer));
    return Buffer.concat(parts).toString('utf8');
  } finally {
    await file.close();
  }
}
