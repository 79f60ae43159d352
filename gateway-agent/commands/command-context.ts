// What every verb is given besides its request.
import type { AgentStep, Answer } from '#contract/replies';

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
type StepReport = { step: AgentStep; state: 'running' | 'done'; milliseconds?: number };

/** Runs one step and reports its start and, if it succeeds, its time. A step that fails is never reported as done. */
export async function timeStep<T>(
  context: CommandContext,
  step: AgentStep,
  run: () => Promise<Answer<T>>,
): Promise<Answer<T>> {
  const startedAt = performance.now();
  context.onStep({ step, state: 'running' });
  const result = await run();
  const milliseconds = Math.round(performance.now() - startedAt);
  if (result.ok) context.onStep({ step, state: 'done', milliseconds });
  return result;
}
