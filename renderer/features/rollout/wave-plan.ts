// How a push to many is cut into waves: what is sensible for how many, and what that means in words. Pure.

/** What the operator chooses; the names come from the review. */
export type WaveChoice = {
  canary: number;
  batch: number;
  maxFailures: number;
  pausesAfterCanary: boolean;
};

/** Few canaries prove a change as well as many do; a batch is what one may lose before it is noticed. */
export function sensibleWaves(count: number): WaveChoice {
  const pausesAfterCanary = count > 20;
  if (count <= 5) return { canary: 1, batch: Math.max(1, count - 1), maxFailures: 1, pausesAfterCanary };
  if (count <= 50) return { canary: 1, batch: 10, maxFailures: 1, pausesAfterCanary };
  if (count <= 300) return { canary: 2, batch: 20, maxFailures: 2, pausesAfterCanary };
  return { canary: 5, batch: 50, maxFailures: 3, pausesAfterCanary };
}

/** How many gateways each wave holds; the canaries first, where there are some. */
export function waveSizes(count: number, { canary, batch }: Pick<WaveChoice, 'canary' | 'batch'>): number[] {
  const first = Math.min(canary, count);
  const rest = count - first;
  const batches = Array.from({ length: Math.ceil(rest / batch) }, (_, at) => Math.min(batch, rest - at * batch));
  return first === 0 ? batches : [first, ...batches];
}

/** Why a choice cannot be run, by its field; empty when it can. */
export function judgeWaves(choice: WaveChoice): Partial<Record<keyof WaveChoice, string>> {
  const isWhole = (value: number, least: number, most: number): boolean =>
    Number.isInteger(value) && value >= least && value <= most;
  return {
    ...(isWhole(choice.canary, 0, 1000) ? {} : { canary: 'Use a whole number from 0 to 1,000.' }),
    ...(isWhole(choice.batch, 1, 1000) ? {} : { batch: 'Use a whole number from 1 to 1,000.' }),
    ...(isWhole(choice.maxFailures, 1, 10_000) ? {} : { maxFailures: 'Use a whole number from 1 to 10,000.' }),
  };
}

/** '5 canaries, a pause until you go on, then 20 batches of up to 50. Stops at 3 failures.' */
export function describeWaves(count: number, choice: WaveChoice): string {
  const { canary, batch, maxFailures, pausesAfterCanary } = choice;
  const sizes = waveSizes(count, choice);
  const hasCanary = canary > 0;
  const batches = sizes.length - (hasCanary ? 1 : 0);
  const first = Math.min(canary, count);
  const parts = [
    ...(hasCanary ? [first === 1 ? '1 canary' : `${first} canaries`] : []),
    ...(hasCanary && pausesAfterCanary && batches > 0 ? ['a pause until you go on'] : []),
    ...(batches === 0
      ? []
      : [batches === 1 ? `one batch of ${sizes.at(-1) ?? 0}` : `${batches} batches of up to ${batch}`]),
  ];
  const stop =
    maxFailures === 1 ? 'the first failure' : `${maxFailures} failures${hasCanary ? ', or at a failed canary' : ''}`;
  return `${parts.join(', then ')}. Stops at ${stop}.`;
}

/** Canaries are those that carry the tag `canary`, then one of each kind of change; the rest keeps its order. */
export function orderForWaves(
  names: readonly string[],
  tagged: ReadonlySet<string>,
  kinds: readonly string[][],
): string[] {
  const chosen = new Set(names);
  const oneOfEach = kinds.flatMap(([first]) => (first !== undefined && chosen.has(first) ? [first] : []));
  return [...new Set([...names.filter((name) => tagged.has(name)), ...oneOfEach, ...names])];
}
