// What the gateway does now: connections, decisions, the certificate it shows, and what would happen to an address.
import { useState, type ReactNode } from 'react';
import { DataList, Progress, SimpleGrid, Skeleton, Text } from '@mantine/core';
import type { FleetRow } from '#ipc';
import type { CertificateFacts, StatusReply } from '#contract/replies';
import { useCall } from '../../api/gateway-bridge.ts';
import { ExplainPanel } from '../../components/explain-panel.tsx';
import { formatAgo, formatCount, formatExpiry, formatMoment } from '../../components/format-time.ts';
import { Mono, RevisionText } from '../../components/mono.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { SettingsSection } from '../../components/settings-section.tsx';
import { useNow } from '../../components/use-now.ts';
import { describeRefusals } from './describe-refusals.ts';
import { QueueTile, QueueTrouble } from './queue-tile.tsx';
import { Sparkline } from '../../components/sparkline.tsx';
import classes from './gateway.module.css';

/** A status is one exec on a kept connection (16 ms measured), so the picture can move. */
const lookEveryMilliseconds = 3_000;
/** Three minutes of samples. */
const samplesKept = 60;

/** Live. */
export function LiveTab({ name, row }: { name: string; row: FleetRow | undefined }) {
  const look = useCall('fleet:refresh', { name }, { everyMilliseconds: lookEveryMilliseconds });
  const now = useNow(3_000);
  const sight = look.value ?? row?.sight;
  const status = sight?.status ?? null;
  const seenAt = sight?.seenAt ?? null;
  return (
    <>
      {look.problem !== null && <ProblemAlert problem={look.problem} title={`${name} cannot be looked at`} />}
      {status === null && look.isLoading && <Skeleton height={120} mt="md" />}
      {status === null && !look.isLoading && (
        <Text py="md">{name} does not tell its status now. When it answers, its connections show here.</Text>
      )}
      {status !== null && (
        <>
          <Now name={name} status={status} seen={seenAt === null ? null : formatAgo(seenAt, now)} />
          <ExplainPanel name={name} title="Explain an address" />
          <Running status={status} now={now} />
          <SettingsSection title="Certificate served">
            {status.certificate === null ? (
              <Text c="dimmed">None: TLS is not offered.</Text>
            ) : (
              <Certificate facts={status.certificate} now={now} />
            )}
          </SettingsSection>
        </>
      )}
    </>
  );
}

function Now({ name, status, seen }: { name: string; status: StatusReply; seen: string | null }) {
  const { now, limit, peak } = status.connections;
  const samples = useSamples(now, status);
  const refused = describeRefusals(status.refused);
  return (
    <SettingsSection
      title="Now"
      help={status.daemonAnswers ? undefined : 'The daemon does not answer: nothing listens on this gateway.'}
      aside={seen !== null && <Text c="dimmed">seen {seen}</Text>}
    >
      <SimpleGrid cols={status.queue === null ? 3 : 4} spacing="md">
        <div className={classes['tile']}>
          <Text c="dimmed">Connections</Text>
          <div className={classes['figure']}>
            {formatCount(now)}
            <Text span c="dimmed">
              {limit === null ? ' no limit' : ` of ${formatCount(limit)}`}
            </Text>
          </div>
          {limit !== null && (
            <Progress value={(100 * now) / limit} aria-label={`${now} of ${limit} connections`} size="sm" />
          )}
          <Sparkline samples={samples} label={`Connections in the last three minutes, now ${now}`} />
          <Text c="dimmed">peak {formatCount(peak)}</Text>
        </div>
        <div className={classes['tile']}>
          <Text c="dimmed">Greeted since start</Text>
          <div className={classes['figure']}>{formatCount(status.accepted)}</div>
          <Text c="dimmed">{countOf(status.messages.relayed, 'message')} relayed</Text>
          <Text c="dimmed">{countOf(status.messages.refused, 'message')} refused</Text>
        </div>
        <div className={classes['tile']}>
          <Text c="dimmed">Refusals since start</Text>
          <div className={classes['figure']}>{formatCount(refused.reduce((sum, { count }) => sum + count, 0))}</div>
          {refused.map(({ words, count }) => (
            <Text key={words} c="dimmed">
              {formatCount(count)} {words}
            </Text>
          ))}
        </div>
        {status.queue !== null && <QueueTile name={name} gauges={status.queue} />}
      </SimpleGrid>
      {status.queue !== null && <QueueTrouble gauges={status.queue} />}
    </SettingsSection>
  );
}

/** One more sample each time another look came. */
function useSamples(value: number, look: StatusReply): number[] {
  const [kept, setKept] = useState({ look, samples: [value] });
  if (kept.look === look) return kept.samples;
  const samples = [...kept.samples, value].slice(-samplesKept);
  setKept({ look, samples });
  return samples;
}

function Running({ status, now }: { status: StatusReply; now: number }) {
  return (
    <SettingsSection title="Listener">
      <DataList labelWidth={200}>
        <DataList.Item>
          <DataList.ItemLabel>Listens on</DataList.ItemLabel>
          <DataList.ItemValue>
            {status.listeners.length === 0
              ? 'nothing'
              : status.listeners.map(({ address, port }) => (
                  <div key={`${address} ${port}`}>
                    <Mono>{address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`}</Mono>
                  </div>
                ))}
          </DataList.ItemValue>
        </DataList.Item>
        <DataList.Item>
          <DataList.ItemLabel>Runs</DataList.ItemLabel>
          <DataList.ItemValue>
            <RevisionText revision={status.runningRevision} canCopy />
          </DataList.ItemValue>
        </DataList.Item>
        {status.currentRevision !== status.runningRevision && (
          <DataList.Item>
            <DataList.ItemLabel>Last confirmed</DataList.ItemLabel>
            <DataList.ItemValue>
              <RevisionText revision={status.currentRevision} canCopy />
            </DataList.ItemValue>
          </DataList.Item>
        )}
        <PeerPolicies status={status} />
        {status.startedAt !== null && (
          <DataList.Item>
            <DataList.ItemLabel>Daemon started</DataList.ItemLabel>
            <DataList.ItemValue>
              {formatMoment(status.startedAt)} ({formatAgo(status.startedAt, now)})
            </DataList.ItemValue>
          </DataList.Item>
        )}
      </DataList>
      {status.notices.map((notice) => (
        <Text key={notice}>{notice}</Text>
      ))}
    </SettingsSection>
  );
}

/** Of servers that mail is sent to. Nothing where nobody asks for it and nothing was found. */
function PeerPolicies({ status: { peerPolicies, config } }: { status: StatusReply }) {
  const asked = config?.messageDelivery.peerPolicies ?? 'off';
  if (peerPolicies === undefined) return null;
  const { refused, reported } = peerPolicies;
  if (asked === 'off' && refused + reported === 0) return null;
  return (
    <DataList.Item>
      <DataList.ItemLabel>MTA-STS and DANE</DataList.ItemLabel>
      <DataList.ItemValue>
        {refused + reported === 0
          ? 'every server met what its domain publishes, or publishes nothing'
          : `since start: ${countOf(refused, 'connection')} refused, ${formatCount(reported)} only reported`}
      </DataList.ItemValue>
    </DataList.Item>
  );
}

function Certificate({ facts, now }: { facts: CertificateFacts; now: number }) {
  const items: [string, ReactNode][] = [
    ['Subject', facts.subject],
    ['Names', facts.names.join(', ')],
    ['Issuer', facts.issuer],
    ['Valid until', `${formatMoment(facts.notAfter)} (${formatExpiry(facts.notAfter, now)})`],
    ['Key', facts.keyType],
    ['Chain', `${facts.chainLength} certificate${facts.chainLength === 1 ? '' : 's'}`],
    [
      'SHA-256 fingerprint',
      <Mono key="fingerprint" name="fingerprint" wraps>
        {facts.fingerprint}
      </Mono>,
    ],
  ];
  return (
    <DataList labelWidth={200}>
      {items.map(([label, value]) => (
        <DataList.Item key={label}>
          <DataList.ItemLabel>{label}</DataList.ItemLabel>
          <DataList.ItemValue className={classes['value']}>{value}</DataList.ItemValue>
        </DataList.Item>
      ))}
    </DataList>
  );
}

function countOf(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}
