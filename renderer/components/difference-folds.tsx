// What gateways are given before and after, in words; those that share it are told once.
import { Skeleton, Stack, Text, Title } from '@mantine/core';
import type { GatewayDifference } from '#ipc';
import { ChangeList } from './change-list.tsx';
import { namesInWords } from './fold-reviews.ts';
import classes from './review.module.css';

type Fold = { names: string[]; difference: GatewayDifference['difference']; words: string | null };

function foldDifferences(differences: readonly GatewayDifference[]): Fold[] {
  const folds = new Map<string, Fold>();
  for (const { gateway, difference, words } of differences) {
    const key = JSON.stringify([difference, words]);
    const fold = folds.get(key);
    if (fold === undefined) folds.set(key, { names: [gateway], difference, words });
    else fold.names.push(gateway);
  }
  return [...folds.values()];
}

/** `none`: what it means that no gateway differs. */
export function DifferenceFolds({ differences, none }: { differences: readonly GatewayDifference[]; none: string }) {
  if (differences.length === 0) return <Text c="dimmed">{none}</Text>;
  return foldDifferences(differences).map(({ names, difference, words }) => {
    const headline = names.length === 1 ? namesInWords(names) : `${namesInWords(names)} (${names.length} gateways)`;
    return (
      <section key={names.join()} className={classes['fold']} aria-label={headline}>
        <Title order={3} size="h4" title={names.join(', ')}>
          {headline}
        </Title>
        {words !== null && <Text mt={4}>{words}</Text>}
        {difference.length > 0 && <ChangeList changes={difference} />}
        {difference.length === 0 && words === null && <Text c="dimmed">No setting of it changes.</Text>}
      </section>
    );
  });
}

/** While they are worked out. */
export function WaitingForDifferences({ words }: { words: string }) {
  return (
    <Stack gap="xs" pt="sm">
      <Text c="dimmed">{words}</Text>
      <Skeleton height={20} width="60%" />
      <Skeleton height={20} width="80%" />
      <Skeleton height={20} width="50%" />
    </Stack>
  );
}
