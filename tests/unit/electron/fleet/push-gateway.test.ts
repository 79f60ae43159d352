// One push, in each of its seven ends, and each of them true.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { pushGateway } from '../../../../electron/fleet/push-gateway.ts';
import { done, failed } from '../../../../gateway-agent/contract/outcome.ts';
import {
  agentSays,
  applyReply,
  before,
  helloReply,
  linkBroke,
  notSent,
  pushId,
  scriptSteps,
  sent,
  statusReply,
  targetOf,
} from '../../../support/push-steps.ts';

const hello = done(helloReply);
const pending = done(applyReply);
const confirmed = done({ currentRevision: sent });

afterEach(() => {
  vi.useRealTimers();
});

describe('pushGateway: applied', () => {
  it('says hello, applies, looks from here and confirms over a new connection', async () => {
    const { steps, asked, progress } = scriptSteps({ hello, apply: pending, confirm: confirmed });

    const result = await pushGateway(targetOf(), steps);

    expect(result).toMatchObject({
      kind: 'applied',
      revision: sent,
      pushId,
      proofs: { desktop: { result: 'proved' } },
    });
    expect(asked).toEqual(['hello', 'apply', 'confirm anew']);
    expect(progress.filter(({ state }) => state === 'failed')).toEqual([]);
    expect(progress.at(-1)).toMatchObject({ step: 'confirm', state: 'done' });
  });

  it('needs no hello for an agent that it knows', async () => {
    const { steps, asked } = scriptSteps({ apply: pending, confirm: confirmed });

    await pushGateway(targetOf({ known: { protocol: 1, schemaVersion: 1, files: [] } }), steps);

    expect(asked).toEqual(['apply', 'confirm anew']);
  });

  it('says why a proof from here was not possible, and confirms all the same', async () => {
    const look = { result: 'not-possible', reason: 'loopback only' } as const;
    const { steps } = scriptSteps({ hello, apply: pending, confirm: confirmed }, { look });

    const result = await pushGateway(targetOf(), steps);

    expect(result).toMatchObject({ kind: 'applied', proofs: { desktop: look } });
  });

  it('finds out that a confirmation without an answer had arrived', async () => {
    const script = { hello, apply: pending, confirm: linkBroke, status: done(statusReply('confirmed', sent)) };
    const { steps } = scriptSteps(script);

    expect(await pushGateway(targetOf(), steps)).toMatchObject({ kind: 'applied', revision: sent });
  });

  it('confirms again when the first confirmation did not arrive', async () => {
    const script = { hello, apply: pending, confirm: [notSent, confirmed], status: done(statusReply('pending', sent)) };
    const { steps, asked } = scriptSteps(script);

    expect(await pushGateway(targetOf(), steps)).toMatchObject({ kind: 'applied' });
    expect(asked).toEqual(['hello', 'apply', 'confirm anew', 'status anew', 'confirm anew']);
  });

  it('takes what runs there as the base when the operator overwrites it', async () => {
    const { steps, requests } = scriptSteps({ hello, apply: pending, confirm: confirmed });

    await pushGateway(targetOf({ baseRevision: null, overwriteThere: true }), steps);

    expect(requests[1]).toMatchObject({ verb: 'apply', baseRevision: before });
  });

  it('sends every file again when the gateway lost one since its hello', async () => {
    const held = done({ ...helloReply, files: ['c'.repeat(64)] });
    const script = { hello: held, apply: [agentSays('files-missing'), pending], confirm: confirmed };
    const { steps, asked } = scriptSteps(script);

    expect(await pushGateway(targetOf(), steps)).toMatchObject({ kind: 'applied' });
    expect(asked).toEqual(['hello', 'apply', 'apply', 'confirm anew']);
  });
});

describe('pushGateway: unchanged, refused, conflict', () => {
  it('makes no confirmation where nothing changes', async () => {
    const { steps, asked } = scriptSteps({ hello, apply: done({ ...applyReply, outcome: 'unchanged' }) });

    expect(await pushGateway(targetOf(), steps)).toEqual({ kind: 'unchanged', revision: sent });
    expect(asked).toEqual(['hello', 'apply']);
  });

  it.each(['busy', 'port-taken'] as const)('passes on a refusal in the gateway’s own words: %s', async (code) => {
    const { steps } = scriptSteps({ hello, apply: agentSays(code) });

    expect(await pushGateway(targetOf(), steps)).toMatchObject({
      kind: 'refused',
      problem: { message: `agent: ${code}` },
    });
  });

  it('names both revisions of a conflict', async () => {
    const other = { revision: 'd'.repeat(64), author: 'somebody', at: '2026-01-01T00:00:00Z' };
    const conflict = { ok: false, from: 'agent', problem: { code: 'conflict', message: 'other', other } } as const;
    const { steps } = scriptSteps({ hello, apply: conflict });

    expect(await pushGateway(targetOf(), steps)).toMatchObject({
      kind: 'conflict',
      expected: before,
      actual: other.revision,
    });
  });

  it('is no conflict when the gateway already has what is pushed: an earlier end was not seen', async () => {
    const conflict = {
      ...agentSays('conflict'),
      problem: { code: 'conflict', message: 'c', other: { revision: sent } },
    };
    const { steps, requests } = scriptSteps({
      hello,
      apply: [conflict, done({ ...applyReply, outcome: 'unchanged' })],
    });

    expect(await pushGateway(targetOf(), steps)).toEqual({ kind: 'unchanged', revision: sent });
    expect(requests[2]).toMatchObject({ verb: 'apply', baseRevision: sent });
  });
});

describe('pushGateway: unreachable', () => {
  it.each([
    ['host-key-changed', 'host-key'],
    ['sign-in-failed', 'sign-in'],
    ['unreachable', 'network'],
    ['cancelled', 'cancelled'],
  ] as const)('says which door stayed shut: %s', async (code, cause) => {
    const { steps, asked } = scriptSteps({}, { connect: () => Promise.resolve(failed(code, 'shut')) });

    expect(await pushGateway(targetOf(), steps)).toMatchObject({ kind: 'unreachable', cause });
    expect(asked).toEqual([]);
  });

  it('stops at an agent that is too old before anything is sent', async () => {
    const { steps, asked } = scriptSteps({ hello: done({ ...helloReply, protocol: 0 }) });

    const result = await pushGateway(targetOf(), steps);

    expect(result).toMatchObject({ kind: 'unreachable', cause: 'agent', problem: { code: 'agent-too-old' } });
    expect(asked).toEqual(['hello']);
  });

  it('sends nothing after a cancel', async () => {
    const { steps, asked } = scriptSteps({ hello }, { signal: AbortSignal.abort() });

    expect(await pushGateway(targetOf(), steps)).toMatchObject({ kind: 'unreachable', cause: 'cancelled' });
    expect(asked).toEqual(['hello']);
  });
});

describe('pushGateway: rolled back', () => {
  const abandon = done({ runningRevision: before });

  it('goes back at once when the look from here fails, and says what was seen', async () => {
    const look = { result: 'failed', reason: 'Another server answers' } as const;
    const { steps, asked } = scriptSteps({ hello, apply: pending, abandon }, { look });

    const result = await pushGateway(targetOf(), steps);

    expect(result).toMatchObject({ kind: 'rolled-back', running: before, proofs: { desktop: look } });
    expect(JSON.stringify(result)).toContain('Another server answers');
    expect(asked).toEqual(['hello', 'apply', 'abandon']);
  });

  it('goes back when it is cancelled after apply', async () => {
    const controller = new AbortController();
    const probe = () => {
      controller.abort();
      return Promise.resolve({ result: 'proved' as const });
    };
    const { steps } = scriptSteps({ hello, apply: pending, abandon }, { signal: controller.signal, probe });

    expect(await pushGateway(targetOf(), steps)).toMatchObject({ kind: 'rolled-back', problem: { code: 'cancelled' } });
  });

  it('tells a failed proof on the gateway as a way back, with what runs now', async () => {
    const { steps } = scriptSteps({
      hello,
      apply: agentSays('proof-failed'),
      status: done(statusReply('rolled-back')),
    });

    expect(await pushGateway(targetOf(), steps)).toMatchObject({ kind: 'rolled-back', running: before });
  });

  it('abandons a candidate whose proofs were lost with the connection', async () => {
    const script = { hello, apply: linkBroke, status: done(statusReply('pending', sent)), abandon };
    const { steps, asked } = scriptSteps(script);

    expect(await pushGateway(targetOf(), steps)).toMatchObject({ kind: 'rolled-back', running: before });
    expect(asked).toEqual(['hello', 'apply', 'status anew', 'abandon']);
  });

  it('says so when the confirmation came too late', async () => {
    const script = {
      hello,
      apply: pending,
      confirm: agentSays('not-pending'),
      status: done(statusReply('rolled-back')),
    };
    const { steps } = scriptSteps(script);

    expect(await pushGateway(targetOf(), steps)).toMatchObject({ kind: 'rolled-back', running: before });
  });

  it('goes back at once, over the connection that is known, when another host key answers the confirmation', async () => {
    const changed = { code: 'host-key-changed', message: 'The host key of mx1 changed.' };
    const confirm = { ok: false, from: 'nobody', problem: changed };
    const { steps, asked } = scriptSteps({ hello, apply: pending, confirm, abandon });

    const result = await pushGateway(targetOf(), steps);

    expect(result).toMatchObject({ kind: 'rolled-back', running: before, problem: { code: 'host-key-changed' } });
    expect(asked).toEqual(['hello', 'apply', 'confirm anew', 'abandon']);
  });

  it('asks over the kept connection where no new one can be made', async () => {
    const status = [notSent, done(statusReply('rolled-back'))];
    const { steps, asked } = scriptSteps({ hello, apply: pending, confirm: notSent, status });

    expect(await pushGateway(targetOf(), steps)).toMatchObject({ kind: 'rolled-back' });
    expect(asked).toEqual(['hello', 'apply', 'confirm anew', 'status anew', 'status']);
  });

  it('calls a request that never arrived whole a push that changed nothing', async () => {
    const { steps } = scriptSteps({ hello, apply: linkBroke, status: done(statusReply(null)) });

    const result = await pushGateway(targetOf(), steps);

    expect(result).toMatchObject({ kind: 'rolled-back', running: before });
    expect(JSON.stringify(result)).toContain('no record of this push');
  });
});

describe('pushGateway: unknown', () => {
  it('says that it does not know when nobody can be asked any more', async () => {
    const { steps } = scriptSteps({ hello, apply: linkBroke, status: notSent });

    expect(await pushGateway(targetOf(), steps)).toMatchObject({ kind: 'unknown', pushId });
  });

  it('does not call it a way back while the gateway runs what was sent and knows no push', async () => {
    const { steps } = scriptSteps({ hello, apply: linkBroke, status: done(statusReply(null, sent)) });

    expect(await pushGateway(targetOf(), steps)).toMatchObject({ kind: 'unknown' });
  });

  it('does not know the end of a confirmation that cannot be asked about', async () => {
    const { steps } = scriptSteps({ hello, apply: pending, confirm: linkBroke, status: notSent });

    expect(await pushGateway(targetOf(), steps)).toMatchObject({ kind: 'unknown' });
  });

  it('asks again while the network is away, and finds the answer', async () => {
    const status = [notSent, notSent, done(statusReply('rolled-back'))];
    const { steps } = scriptSteps({ hello, apply: linkBroke, status });

    expect(await pushGateway(targetOf(), steps)).toMatchObject({ kind: 'rolled-back' });
  });
});

describe('pushGateway: rollback', () => {
  it('is a push like any other', async () => {
    const { steps, asked } = scriptSteps({ hello, rollback: pending, confirm: confirmed });
    const order = { kind: 'rollback', toRevision: sent } as const;

    expect(await pushGateway(targetOf({ order, overwriteThere: true }), steps)).toMatchObject({ kind: 'applied' });
    expect(asked).toEqual(['hello', 'rollback', 'confirm anew']);
  });
});
