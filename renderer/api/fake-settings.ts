// Settings of the fake fleet: loaded, reviewed, saved, pushed.
import type { Draft, FleetRow, Output } from '#ipc';
import { done } from '#contract/outcome';
import type { Scope } from '#contract/scope';
import { wait, type Part, type World } from './fake-answers.ts';
import { fakeDocument, fakeRevision } from './fake-fleet.ts';
import { fakePush, fakeReview } from './fake-push.ts';

/** The calls settings:* and push:*. */
export function fakeSettingsAnswers(world: World): Part<'settings' | 'push'> {
  const saved = new Map<string, Output<'settings:load'>>();
  const load = (key: string): Output<'settings:load'> => saved.get(key) ?? fakeDocument(key);
  const keyOf = (scope: Scope): string => (scope.kind === 'fleet' ? '' : scope.name);
  return {
    'settings:load': async ({ scope }) => {
      await wait(150);
      return done(load(keyOf(scope)));
    },
    'settings:reach': async ({ scope }) =>
      done(world.rows.filter((row) => isReached(row, scope)).map((row) => row.name)),
    'settings:review': async ({ gateway, unsaved }) => {
      await wait(300 + Math.random() * 400);
      const draft = (unsaved?.draft as Draft | undefined) ?? load(gateway).draft;
      return done(fakeReview(gateway, draft));
    },
    'settings:save': async ({ scope, draft, savedVersion }) => {
      const next = `${savedVersion}+`;
      saved.set(keyOf(scope), { ...load(keyOf(scope)), draft: draft as Draft, savedVersion: next });
      world.rows = world.rows.map((row) =>
        isReached(row, scope)
          ? { ...row, hasUnpushedChanges: true, sight: { ...row.sight, state: 'changed-here' } }
          : row,
      );
      return done({ savedVersion: next, commit: fakeRevision(next).slice(0, 40) });
    },
    'push:run': async ({ runId, names, overwriteThere }) => {
      const results = await Promise.all(
        names.map(async (gateway) => {
          const result = await fakePush(world.emit, {
            runId,
            name: gateway,
            overwriteThere,
            isCancelled: () => world.cancelled.has(runId),
          });
          if (result.kind === 'applied')
            world.rows = world.rows.map((row) => (row.name === gateway ? { ...row, hasUnpushedChanges: false } : row));
          world.emit('push:result', { runId, gateway, result });
          return { gateway, result };
        }),
      );
      return done(results);
    },
    'push:cancel': async ({ runId }) => {
      world.cancelled.add(runId);
      return done({});
    },
  };
}

function isReached(row: FleetRow, scope: Scope): boolean {
  if (scope.kind === 'fleet') return true;
  return scope.kind === 'group' ? row.group === scope.name : row.name === scope.name;
}
