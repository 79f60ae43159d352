// What every verb is given besides its request.
import type { AgentStep } from '#contract/replies';

/** Facts about this call, gathered once by rpc.ts. */
export type CommandContext = {
  root: string;
  /** From the management key's line in authorized_keys; recorded with every push. */
  author: string;
  /** Where this SSH connection comes from, as sshd tells; null on a local call. */
  clientAddress: string | null;
  hostName: string;
  agentVersion: string;
  onStep(step: StepReport): void;
};

/** One progress line. */
export type StepReport = { step: AgentStep; state: 'running' | 'done'; milliseconds?: number };

/** Runs one step and reports its start and, when it returns, its time. */
export async function timeStep<T>(context: CommandContext, step: AgentStep, run: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  context.onStep({ step, state: 'running' });
  const result = await run();
  context.onStep({ step, state: 'done', milliseconds: Math.round(performance.now() - startedAt) });
  return result;
}
