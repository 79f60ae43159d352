// What gateways were last given goes into their records. A fleet of a thousand is pushed within minutes, and a commit
// for each would cost more than the pushes: those that end while another save is under way share the next commit.
import type { LastPush } from '#contract/fleet';
import { done, type Outcome, type Problem } from '#contract/outcome';
import type { FileChange } from './folder-history.ts';
import type { FolderWriter, Plan } from './folder-writer.ts';
import { loadRecordFile, recordPath } from './record-files.ts';
import { formatRecord } from './record-text.ts';

type Batch = { pushes: Map<string, LastPush>; written: Promise<Outcome<{ commit: string; refused: Refused }>> };
/** Whose file could not be read or is gone: the others are recorded all the same. */
type Refused = Map<string, Problem>;

export type RecordPush = (name: string, lastPush: LastPush) => Promise<Outcome<{ commit: string }>>;

/** Records pushes of one fleet folder; each answer tells of its own gateway. */
export function createPushRecorder(path: string, writer: FolderWriter): RecordPush {
  let open: Batch | null = null;

  const begin = (): Batch => {
    const pushes = new Map<string, LastPush>();
    const plan = () => {
      open = null; // under the lock: who comes now goes with the next one
      return planPushes(path, pushes);
    };
    const written = writer.write(plan, { isRoutine: true });
    return { pushes, written: written.then((outcome) => flatten(outcome)) };
  };

  return async (name, lastPush) => {
    if (open === null || open.pushes.has(name)) open = begin();
    open.pushes.set(name, lastPush);
    const written = await open.written;
    if (!written.ok) return written;
    const problem = written.value.refused.get(name);
    return problem === undefined ? done({ commit: written.value.commit }) : { ok: false, problem };
  };
}

function flatten(outcome: Outcome<{ commit: string; value: Refused }>): Awaited<Batch['written']> {
  return outcome.ok ? done({ commit: outcome.value.commit, refused: outcome.value.value }) : outcome;
}

async function planPushes(path: string, pushes: ReadonlyMap<string, LastPush>): Promise<Outcome<Plan<Refused>>> {
  const changes: FileChange[] = [];
  const refused: Refused = new Map();
  const lines: string[] = [];
  for (const [name, lastPush] of pushes) {
    const file = await loadRecordFile(path, name);
    if (!file.ok) {
      refused.set(name, file.problem);
      continue;
    }
    changes.push({
      path: recordPath(name),
      content: formatRecord({ ...file.value.record, lastPush }, file.value.text),
    });
    lines.push(`Push ${name}: ${lastPush.revision.slice(0, 12)} confirmed`);
  }
  const [first] = refused.values();
  if (lines.length === 0 && first !== undefined) return { ok: false, problem: first };
  const words = lines.length === 1 ? lines.join('') : `Push ${lines.length} gateways\n\n${lines.join('\n')}`;
  return done({ words, changes, value: refused });
}
