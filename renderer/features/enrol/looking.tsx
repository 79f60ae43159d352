// While a host is looked at.
import { Skeleton, Stack, Text } from '@mantine/core';

/** Says that nothing is touched by it. */
export function Looking({ host }: { host: string }) {
  return (
    <Stack gap="xs" role="status" aria-label={`Looking at ${host}`}>
      <Text>Looking at {host}. Nothing is touched.</Text>
      <Skeleton height={28} />
      <Skeleton height={28} />
      <Skeleton height={28} />
    </Stack>
  );
}
