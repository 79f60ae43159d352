// Rollouts of the fake fleet: they run on a timer, fail here and there, and one was interrupted before the window opened.
import type { PushResult } from '#contract/push';
import { RolloutOptions, type Rollout, type RolloutMember, type RolloutSummary } from '#contract/rollout';
import { done, failed } from '#contract/outcome';
import type { Part, World } from './fake-answers.ts';
import { fakeRevision } from './fake-fleet.ts';
import { fakeApplied, fakeEnding } from './fake-push.ts';

const tickMilliseconds = 250;

function isAsAsked(result: PushResult | null): boolean {
  return result?.kind === 'applied' || result?.kind === 'unchanged';
}

function summarise({ members, ...rest }: Rollout): RolloutSummary {
  const count = (holds: (member: RolloutMember) => boolean): number => members.filter(holds).length;
  return {
    ...rest,
    counts: {
      waiting: count(({ state }) => state === 'waiting'),
      running: count(({ state }) => state === 'running'),
      asAsked: count(({ state, result }) => state === 'ended' && isAsAsked(result)),
      failed: count(({ state, result }) => state === 'ended' && !isAsAsked(result)),
      skipped: count(({ state }) => state === 'skipped'),
    },
  };
}

function newRollout(options: RolloutOptions): Rollout {
  const { names, canary, batch } = options;
  return {
    id: crypto.randomUUID(),
    startedAt: new Date().toISOString(),
    endedAt: null,
    by: 'm.lindqvist',
    options,
    state: 'running',
    because: null,
    members: names.map((gateway, at) => ({
      gateway,
      wave: at < canary ? 0 : 1 + Math.floor((at - canary) / batch),
      revision: fakeRevision(gateway),
      state: 'waiting',
      pushId: null,
      result: null,
      earlier: [],
      startedAt: null,
      endedAt: null,
    })),
  };
}

function resultOf(gateway: string): PushResult {
  const number = Number(/\d+$/.exec(gateway)?.[0] ?? 0);
  if (number % 97 === 0) return fakeEnding('mx3');
  if (number % 83 === 0) return fakeEnding('edge-fra-1');
  return number > 0 ? fakeApplied(gateway) : fakeEnding(gateway);
}

/** One quarter of a second: some end, then some begin. */
function tick(rollout: Rollout): void {
  for (const member of rollout.members.filter(({ state }) => state === 'running')) {
    if (Math.random() > 0.35) continue;
    Object.assign(member, { state: 'ended', endedAt: new Date().toISOString(), result: resultOf(member.gateway) });
  }
  const { counts } = summarise(rollout);
  const halt = (state: Rollout['state'], because: string | null): void => {
    Object.assign(rollout, { state, because, endedAt: new Date().toISOString() });
  };
  if (counts.running > 0) return;
  if (counts.waiting === 0) return halt('finished', null);
  const wave = Math.min(...rollout.members.filter(({ state }) => state === 'waiting').map((member) => member.wave));
  if (counts.failed >= rollout.options.maxFailures) {
    return halt('stopped', `${counts.failed} did not end as asked, and it was to stop then.`);
  }
  const isAfterCanary = wave === 1 && rollout.options.pausesAfterCanary && rollout.because === null;
  if (isAfterCanary) return halt('paused', 'The canaries ended as asked.');
  for (const member of rollout.members.filter((each) => each.wave === wave)) {
    Object.assign(member, { state: 'running', startedAt: new Date().toISOString() });
  }
}

/** The calls rollout:*. */
export function fakeRolloutAnswers(world: World): Part<'rollout'> {
  const rollouts = new Map<string, Rollout>();
  const run = (rollout: Rollout): void => {
    Object.assign(rollout, { state: 'running', endedAt: null });
    const timer = setInterval(() => {
      if (rollout.state === 'running') tick(rollout);
      world.emit('rollout:changed', { summary: summarise(rollout) });
      if (rollout.state !== 'running') clearInterval(timer);
    }, tickMilliseconds);
  };
  const start = (options: RolloutOptions): Rollout => {
    const rollout = newRollout(options);
    rollouts.set(rollout.id, rollout);
    return rollout;
  };
  for (const rollout of olderRollouts(world, start)) rollouts.set(rollout.id, rollout);
  const settle = (id: string, change: (rollout: Rollout) => void) => {
    const rollout = rollouts.get(id);
    if (rollout === undefined) return failed('not-found', 'There is no such rollout.');
    change(rollout);
    world.emit('rollout:changed', { summary: summarise(rollout) });
    return done({});
  };
  return {
    'rollout:start': async (options) => {
      const rollout = start(RolloutOptions.parse(options));
      run(rollout);
      return done({ id: rollout.id });
    },
    'rollout:list': async () => done([...rollouts.values()].map(summarise).toReversed()),
    'rollout:get': async ({ id }) => {
      const rollout = rollouts.get(id);
      return rollout === undefined ? failed('not-found', 'There is no such rollout.') : done(structuredClone(rollout));
    },
    'rollout:pause': async ({ id }) =>
      settle(id, (rollout) => Object.assign(rollout, { state: 'paused', because: 'm.lindqvist asked for it.' })),
    'rollout:resume': async ({ id }) =>
      settle(id, (rollout) => run(Object.assign(rollout, { because: 'gone on with' }))),
    'rollout:cancel': async ({ id }) =>
      settle(id, (rollout) => {
        for (const member of rollout.members) if (member.state === 'waiting') member.state = 'skipped';
        Object.assign(rollout, {
          state: 'cancelled',
          because: 'm.lindqvist asked for it.',
          endedAt: new Date().toISOString(),
        });
      }),
    'rollout:retry': async ({ id }) => {
      const old = rollouts.get(id);
      if (old === undefined) return failed('not-found', 'There is no such rollout.');
      const names = old.members
        .filter(({ state, result }) => state === 'ended' && !isAsAsked(result))
        .map((m) => m.gateway);
      const rollout = start({ ...old.options, names });
      run(rollout);
      return done({ id: rollout.id });
    },
    'rollout:report': async ({ format }) => done({ fileName: `rollout.${format === 'text' ? 'txt' : format}` }),
  };
}

/** One that finished yesterday, and one that a crash cut off. */
function olderRollouts(world: World, start: (options: RolloutOptions) => Rollout): Rollout[] {
  const names = world.rows.filter((row) => row.unreadable === null).map((row) => row.name);
  if (names.length < 4) return [];
  const options = { canary: 2, batch: 20, maxFailures: 40, pausesAfterCanary: false, overwriteThere: false };
  const finished = start({ ...options, names: names.slice(0, 200) });
  for (let round = 0; round < 400 && finished.state === 'running'; round += 1) tick(finished);
  finished.startedAt = new Date(Date.now() - 26 * 3_600_000).toISOString();
  finished.endedAt = new Date(Date.now() - 25.9 * 3_600_000).toISOString();
  const cut = start({ ...options, names: names.slice(0, 120) });
  for (let round = 0; round < 30 && cut.state === 'running'; round += 1) tick(cut);
  Object.assign(cut, { state: 'interrupted', because: 'The program that ran it ended in the middle.' });
  return [finished, cut];
}
