// Activity: who did what to which gateway and how it ended, from the audit log of this fleet.
import { useState } from 'react';
import { Button, Group, Select, Skeleton, Stack, Text } from '@mantine/core';
import { IconShieldCheck } from '@tabler/icons-react';
import { useAct, useCall } from '../../api/gateway-bridge.ts';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { reportOutcome } from '../../components/report-outcome.ts';
import { ScreenHeader } from '../../components/screen-header.tsx';
import { useAuditPages } from './audit-pages.ts';
import { AuditTable } from './audit-table.tsx';
import { AuditVerdictNotice, type Verdict } from './audit-verdict.tsx';
import classes from './audit.module.css';

/** The screen of everything that was done. */
export function AuditScreen() {
  const [target, setTarget] = useState<string | null>(null);
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const pages = useAuditPages(target);
  const verify = useAct('audit:verify');
  const check = async (): Promise<void> => {
    const answer = await verify.run({});
    if (reportOutcome(answer) && answer.ok) setVerdict(answer.value);
  };
  return (
    <>
      <ScreenHeader title="Activity">
        <Button leftSection={<IconShieldCheck size={16} />} loading={verify.isRunning} onClick={() => void check()}>
          Verify
        </Button>
      </ScreenHeader>
      <div className={classes['screen']}>
        <div aria-live="polite">
          {verdict !== null && <AuditVerdictNotice verdict={verdict} onClose={() => setVerdict(null)} />}
        </div>
        <Group gap="xs">
          <TargetFilter target={target} onChange={setTarget} />
          <Button variant="default" loading={pages.isFetching} onClick={() => void pages.reload()}>
            Read again
          </Button>
        </Group>
        {pages.problem !== null && <ProblemAlert problem={pages.problem} title="The activity cannot be read" />}
        {pages.entries === null && pages.problem === null && (
          <Skeleton height={160} aria-label="Reading the activity" />
        )}
        {pages.entries?.length === 0 && <NothingYet target={target} />}
        {pages.entries !== null && pages.entries.length > 0 && <AuditTable entries={pages.entries} />}
        {pages.hasMore && (
          <Button
            variant="default"
            className={classes['more']}
            loading={pages.isFetching}
            onClick={() => void pages.loadMore()}
          >
            Load more
          </Button>
        )}
      </div>
    </>
  );
}

type FilterProps = { target: string | null; onChange: (target: string | null) => void };

function TargetFilter({ target, onChange }: FilterProps) {
  const fleet = useCall('fleet:list', {});
  return (
    <Select
      aria-label="Gateway"
      placeholder="All gateways"
      className={classes['filter']}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': 'Show all gateways' }}
      limit={100}
      nothingFoundMessage="No gateway of this name"
      data={(fleet.value ?? []).map(({ name }) => name)}
      value={target}
      onChange={onChange}
    />
  );
}

function NothingYet({ target }: { target: string | null }) {
  return (
    <Stack gap="xs" className={classes['empty']}>
      <Text fw={600}>{target === null ? 'Nothing was done yet' : `Nothing was done to ${target} yet`}</Text>
      <Text c="dimmed">
        Every push, every sign-in that was changed and every act on a queue is written down here, with who did it and
        how it ended. Each line carries the hash of the line before, so that Verify finds what was changed or cut off.
      </Text>
    </Stack>
  );
}
