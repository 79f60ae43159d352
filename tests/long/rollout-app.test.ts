// The app is killed at every step of a push, from before anything is sent to the confirmation under way.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KilledApp, startFleetForKills } from '../support/killed-app.ts';

let fleet: KilledApp;
beforeAll(async () => {
  fleet = await startFleetForKills();
}, 60_000);
afterAll(() => fleet.stop());

describe('an app that is killed in the middle of a rollout', () => {
  it.each(['connect running', 'check done', 'switch running', 'desktop-proof done', 'confirm running'])(
    'at "%s", goes on with it truthfully when it is started again',
    async (moment) => {
      const { listed, interrupted, rollout, broken } = await fleet.killAndGoOn(moment);

      expect(listed).toMatchObject({ state: 'interrupted' });
      expect(interrupted.members.map(({ state }) => state)).toContain('running');
      expect(rollout.state).toBe('finished');
      await fleet.expectTruth(interrupted, rollout);
      expect(broken).toEqual([]);
    },
    60_000,
  );
});
