// The ladder of steps of one push as it happens, with the time each step took.
import type { PushProgress, PushStep } from '#contract/push';
import type { AgentStepState } from '../ssh/ask-agent.ts';

export type ProgressReport = {
  start(step: PushStep): void;
  done(step: PushStep, detail?: string): void;
  fail(step: PushStep, detail?: string): void;
  skip(step: PushStep, detail?: string): void;
  /** A line of the agent, as a rung of the ladder. */
  fromAgent: (line: AgentStepState) => void;
  /** The rung under way fails; true where the gateway had begun to switch. */
  failRunning(detail: string): boolean;
};

const agentSteps = { check: 'check', store: 'store', switch: 'switch', proof: 'gateway-proof' } as const;

/** `milliseconds`: as the gateway measured it. */
type How = { detail?: string | undefined; milliseconds?: number | undefined };

/** Reports each step once as running and once as it ended. */
export function createProgress(gateway: string, onProgress: (progress: PushProgress) => void): ProgressReport {
  const startedAt = new Map<PushStep, number>();
  let running: PushStep | null = null;
  let hasSwitched = false;
  let proofMilliseconds: number | undefined;

  const end = (step: PushStep, state: 'done' | 'failed' | 'skipped', { detail, milliseconds }: How = {}) => {
    const started = startedAt.get(step);
    if (running === step) running = null;
    const took = milliseconds ?? (started === undefined ? undefined : Math.round(performance.now() - started));
    onProgress({
      gateway,
      step,
      state,
      ...(took === undefined ? {} : { milliseconds: took }),
      ...(detail === undefined ? {} : { detail }),
    });
  };

  const start = (step: PushStep) => {
    if (running === step) return;
    running = step;
    startedAt.set(step, performance.now());
    onProgress({ gateway, step, state: 'running' });
  };

  return {
    start,
    done: (step, detail) =>
      end(step, 'done', { detail, milliseconds: step === 'gateway-proof' ? proofMilliseconds : undefined }),
    fail: (step, detail) => end(step, 'failed', { detail }),
    skip: (step, detail) => end(step, 'skipped', { detail }),
    fromAgent({ step, state, milliseconds }) {
      const rung = agentSteps[step];
      if (step === 'switch') hasSwitched = true;
      if (state === 'running') return start(rung);
      if (step !== 'proof') return end(rung, 'done', { milliseconds });
      // What was proved is in the reply that follows: the rung ends with it, once.
      if (running !== rung) start(rung);
      proofMilliseconds = milliseconds;
    },
    failRunning(detail) {
      if (running !== null) end(running, 'failed', { detail });
      return hasSwitched;
    },
  };
}
