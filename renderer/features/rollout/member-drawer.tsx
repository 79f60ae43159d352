// How it went with one gateway of a rollout: the end in exact words, what changed, what was found, what to do.
import { Alert, Anchor, Button, Drawer, Group, Stack, Text, Title } from '@mantine/core';
import type { PushResult } from '#contract/push';
import type { RolloutMember } from '#contract/rollout';
import { ChangeList } from '../../components/change-list.tsx';
import { describeResult } from '../../components/describe-result.ts';
import { FindingList } from '../../components/finding-list.tsx';
import { formatMoment } from '../../components/format-time.ts';
import { gatewayPath } from '../../components/gateway-path.ts';
import { RevisionText } from '../../components/mono.tsx';
import { useOpenReview } from '../../components/open-review.ts';
import { openReEnrolDialog } from '../../components/re-enrol-dialog.tsx';
import { memberKind, memberLooks } from './rollout-looks.tsx';

const tones = { good: 'green', attention: 'yellow', bad: 'red', unsure: 'yellow' } as const;

/** Open while a member is given. */
export function MemberDrawer({ member, onClose }: { member: RolloutMember | null; onClose: () => void }) {
  return (
    <Drawer
      opened={member !== null}
      onClose={onClose}
      position="right"
      size={560}
      title={member?.gateway ?? ''}
      closeButtonProps={{ 'aria-label': 'Close' }}
      styles={{ title: { fontSize: 18, fontWeight: 600 } }}
    >
      {member !== null && <Content member={member} onClose={onClose} />}
    </Drawer>
  );
}

function Content({ member, onClose }: { member: RolloutMember; onClose: () => void }) {
  const { gateway, result, earlier, revision, startedAt, endedAt } = member;
  const look = memberLooks[memberKind(member)];
  const review = useOpenReview();
  const canRetry = result !== null && result.kind !== 'applied' && result.kind !== 'unchanged';
  return (
    <Stack gap="sm">
      <Group gap="xs" style={{ color: `var(--tone-${look.color})` }}>
        <look.Icon size={18} />
        {look.words}
      </Group>
      {result !== null && <Ending gateway={gateway} result={result} />}
      {earlier.map((one, at) => (
        // oxlint-disable-next-line react/no-array-index-key -- attempts have no name and never change places
        <Stack key={at} gap={4}>
          <Text c="dimmed">What an earlier attempt, cut off by an interruption, came to:</Text>
          <Ending gateway={gateway} result={one} />
        </Stack>
      ))}
      <Text c="dimmed">
        {revision !== null && (
          <>
            Reviewed: <RevisionText revision={revision} />.{' '}
          </>
        )}
        {startedAt !== null && `Started ${formatMoment(startedAt)}`}
        {endedAt !== null && `, ended ${formatMoment(endedAt)}`}
      </Text>
      <Group gap="xs">
        <Anchor href={`#${gatewayPath(gateway)}`}>Open {gateway}</Anchor>
        {canRetry && (
          <Button
            size="xs"
            variant="default"
            onClick={() => {
              onClose();
              review({ targets: [{ name: gateway }] });
            }}
          >
            Review and push it alone…
          </Button>
        )}
        {result?.kind === 'unreachable' && result.cause === 'host-key' && (
          <Button size="xs" variant="default" onClick={() => openReEnrolDialog(gateway)}>
            Compare host keys…
          </Button>
        )}
      </Group>
    </Stack>
  );
}

function Ending({ gateway, result }: { gateway: string; result: PushResult }) {
  const words = describeResult(gateway, result);
  const findings = result.kind === 'refused' || result.kind === 'applied' ? result.findings : [];
  return (
    <>
      <Alert color={tones[words.tone]} title={words.title}>
        {words.lines.map((line) => (
          <Text key={line}>{line}</Text>
        ))}
        <FindingList findings={findings} />
      </Alert>
      {result.kind === 'applied' && result.difference.length > 0 && (
        <>
          <Title order={3} size="h4">
            What changed
          </Title>
          <ChangeList changes={result.difference} />
        </>
      )}
    </>
  );
}
