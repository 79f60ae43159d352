// Gateways that answer the same are told once. Pure.

export type Fold<T> = { gateways: string[]; values: T[] };

/** Folds by what `likeness` says of an answer, in the order of the first gateway of each. */
export function foldAnswers<T>(
  answers: readonly { gateway: string; value: T }[],
  likeness: (value: T) => unknown,
): Fold<T>[] {
  const folds = new Map<string, Fold<T>>();
  for (const { gateway, value } of answers) {
    const key = JSON.stringify(likeness(value));
    const fold = folds.get(key) ?? { gateways: [], values: [] };
    fold.gateways.push(gateway);
    fold.values.push(value);
    folds.set(key, fold);
  }
  return [...folds.values()];
}

/** 'mx1, mx2, mx3 (3 gateways)'; one alone is just its name. */
export function namesOf({ gateways }: Fold<unknown>): string {
  return gateways.length === 1 ? gateways.join('') : `${gateways.join(', ')} (${gateways.length} gateways)`;
}
