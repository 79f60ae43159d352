// What was changed on gateways, shown and taken over: the engine asks, the fleet folder keeps.
import { done, type Outcome } from '#contract/outcome';
import type { FleetFolder } from '../store/fleet-folder.ts';
import type { DriftReport } from './drift-report.ts';
import type { Engine } from './engine.ts';
import { takeDrift } from './take-drift.ts';

export type DriftDesk = {
  show(name: string): Promise<Outcome<DriftReport>>;
  /** Looks again, and takes over what is there now. `fields` are paths of the difference. */
  take(name: string, fields: 'all' | readonly string[]): Promise<Outcome<{ commit: string; words: string }>>;
};

export type DriftParts = {
  engine: Pick<Engine, 'findDrift'>;
  folder: FleetFolder;
};

/** Builds it. */
export function createDriftDesk({ engine, folder }: DriftParts): DriftDesk {
  return {
    async show(name) {
      const found = await engine.findDrift(name);
      return found.ok ? done(found.value.report) : found;
    },
    async take(name, fields) {
      const found = await engine.findDrift(name);
      return found.ok ? takeDrift(folder, { drift: found.value, fields }) : found;
    },
  };
}
