// A failure in words: what happened, and what to do next. Never a bare code.
import type { ReactNode } from 'react';
import { Alert, Group, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleX } from '@tabler/icons-react';

/** A problem from this desktop or from a gateway. */
type AnyProblem = { message: string; hint?: string | undefined };

type Props = { problem: AnyProblem; title?: string; tone?: 'failure' | 'warning'; children?: ReactNode };

/** What failed, why, and the next step; buttons go in as children. */
export function ProblemAlert({ problem, title, tone = 'failure', children }: Props) {
  const Icon = tone === 'failure' ? IconCircleX : IconAlertTriangle;
  return (
    <Alert
      color={tone === 'failure' ? 'red' : 'yellow'}
      icon={<Icon size={18} />}
      role="alert"
      {...(title === undefined ? {} : { title })}
    >
      <Text>{problem.message}</Text>
      {problem.hint !== undefined && <Text mt={4}>{problem.hint}</Text>}
      {children !== undefined && <Group mt="xs">{children}</Group>}
    </Alert>
  );
}
