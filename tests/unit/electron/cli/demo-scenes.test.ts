// The demo's expectations can fail: each one is broken here.
import { describe, expect, it } from 'vitest';
import { judgeScene, offeredScenes, referenceOf, requiredScenes } from '../../../../electron/cli/demo-scenes.ts';

const [inClear, withTls, denied] = offeredScenes('127.0.0.66') as [Scene, Scene, Scene];
type Scene = ReturnType<typeof offeredScenes>[number];

const taken = { stage: 'message', code: 250, reply: '250 2.0.0 Taken', fingerprint: null };
const refused = { stage: 'connect', code: 554, reply: '554 5.7.1 Connection refused (ABCDEFGH)', fingerprint: null };
const nothing = { rule: null, entry: null };
const byList = { rule: 'deny-list', entry: '127.0.0.66' };

describe('judgeScene', () => {
  it('has no complaint when all is as it should be, and says why', () => {
    expect(judgeScene(inClear, { delivered: taken, logged: nothing, fingerprint: 'AA' }).complaint).toBeNull();
    expect(judgeScene(denied, { delivered: refused, logged: byList, fingerprint: 'AA' })).toMatchObject({
      complaint: null,
      reference: 'ABCDEFGH',
      why: 'deny-list 127.0.0.66',
    });
  });

  it.each([
    ['an allowed client is refused', { scene: inClear, delivered: refused, logged: byList }],
    ['a denied client is let in', { scene: denied, delivered: taken, logged: nothing }],
    ['a refusal comes at another stage', { scene: denied, delivered: { ...refused, stage: 'RCPT' }, logged: byList }],
    [
      'a refusal has no reference',
      { scene: denied, delivered: { ...refused, reply: '554 5.7.1 Connection refused' }, logged: byList },
    ],
    [
      'the event log names another rule',
      { scene: denied, delivered: refused, logged: { rule: 'relay-denied', entry: null } },
    ],
    ['the event log has no line', { scene: denied, delivered: refused, logged: nothing }],
    ['another certificate is served', { scene: withTls, delivered: { ...taken, fingerprint: 'BB' }, logged: nothing }],
    [
      'nothing listens any more',
      {
        scene: inClear,
        delivered: { stage: 'connect', code: 0, reply: 'refused', fingerprint: null },
        logged: nothing,
      },
    ],
  ])('complains when %s', (_what, { scene, delivered, logged }) => {
    expect(judgeScene(scene, { delivered, logged, fingerprint: 'AA' }).complaint).not.toBeNull();
  });
});

describe('offeredScenes and requiredScenes', () => {
  it('hold allowed and denied, with TLS and without', () => {
    const offered = offeredScenes('127.0.0.66').map(({ from, usesTls }) => `${from} ${String(usesTls)}`);

    expect(offered).toEqual(
      expect.arrayContaining(['127.0.0.1 true', '127.0.0.1 false', '127.0.0.66 true', '127.0.0.66 false']),
    );
    expect(requiredScenes().map(({ usesTls }) => usesTls)).toEqual([false, true]);
  });
});

describe('referenceOf', () => {
  it('reads the reference at the end of a reply', () => {
    expect(referenceOf('554 5.7.1 Connection refused (ABCDEFGH)')).toBe('ABCDEFGH');
    expect(referenceOf('250 2.0.0 Taken')).toBeNull();
  });
});
