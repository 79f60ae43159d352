// What a rollout tells the window: never more often than a person can read.
import type { Rollout } from '#contract/rollout';
import { summariseRollout } from '../fleet/rollout/summarise-rollout.ts';
import type { RolloutListener } from '../fleet/rollout/run-rollout.ts';
import type { Emit } from './services.ts';

const everyMilliseconds = 250;
/** More gateways than this at once, and the whole table is read anew instead of row by row. */
const toldByName = 5;

/** Emits `rollout:changed`, `push:progress` and `push:result` (runId: the rollout's id) and `fleet:changed`. */
export function tellRollouts(emit: Emit): RolloutListener {
  const changed = new Map<string, Rollout>();
  const ended = new Set<string>();
  let timer: NodeJS.Timeout | null = null;
  const tell = () => {
    timer = null;
    for (const rollout of changed.values()) emit('rollout:changed', { summary: summariseRollout(rollout) });
    changed.clear();
    if (ended.size > toldByName) emit('fleet:changed', { name: null });
    else for (const name of ended) emit('fleet:changed', { name });
    ended.clear();
  };
  return {
    onChange(rollout) {
      changed.set(rollout.id, rollout);
      timer ??= setTimeout(tell, everyMilliseconds);
    },
    onProgress: (runId, progress) => emit('push:progress', { runId, progress }),
    onResult(runId, gateway, result) {
      emit('push:result', { runId, gateway, result });
      ended.add(gateway);
    },
  };
}
