// Hosts of ~/.ssh/config as gateways: pick, put into a group, import; then those whose host key nobody knows yet.
import { useMemo, useState } from 'react';
import { Alert, Button, Select, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconInfoCircle, IconSearch } from '@tabler/icons-react';
import type { ConfiguredHost, Output } from '#ipc';
import type { Problem } from '#contract/outcome';
import { refreshCalls, useAct, useCall } from '../../api/gateway-bridge.ts';
import { countGateways, formatCount } from '../../components/format-time.ts';
import { goTo } from '../../components/guarded-location.ts';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { ScreenHeader } from '../../components/screen-header.tsx';
import { StepFrame } from '../../components/step-frame.tsx';
import { HostTable } from './host-table.tsx';
import { canImport, findHosts } from './pick-hosts.ts';
import { UnknownKeys } from './unknown-keys.tsx';
import classes from './import-ssh.module.css';

/** Import from ~/.ssh/config. */
export function ImportSshScreen() {
  const configured = useCall('ssh:configured-hosts', {});
  const [imported, setImported] = useState<Output<'ssh:import'> | null>(null);
  const finish = (outcome: Output<'ssh:import'>): void => {
    if (outcome.unknownKeys.length > 0) return setImported(outcome);
    const all = countGateways(outcome.added.length);
    notifications.show({ message: `${all} imported, each with the host key of known_hosts.`, color: 'green' });
    goTo('/');
  };
  return (
    <>
      <ScreenHeader title="Import from ~/.ssh/config" />
      {imported !== null && (
        <StepFrame label="Host keys">
          <div className={classes['after']}>
            <UnknownKeys {...imported} />
          </div>
        </StepFrame>
      )}
      {imported === null && (
        <div className={classes['screen']}>
          {configured.problem !== null && (
            <ProblemAlert problem={configured.problem} title="The hosts cannot be listed">
              <Button size="xs" variant="default" onClick={() => void configured.reload()}>
                Read them again
              </Button>
            </ProblemAlert>
          )}
          {configured.isLoading && <Skeleton height={160} aria-label="Reading ~/.ssh/config" />}
          {configured.value?.hosts.length === 0 && <NoHosts onReload={() => void configured.reload()} />}
          {configured.value !== undefined && configured.value.notes.length > 0 && (
            <Notes notes={configured.value.notes} />
          )}
          {configured.value !== undefined && configured.value.hosts.length > 0 && (
            <Picker hosts={configured.value.hosts} onImported={finish} />
          )}
        </div>
      )}
    </>
  );
}

function NoHosts({ onReload }: { onReload: () => void }) {
  return (
    <Stack gap="xs" align="flex-start" className={classes['empty']}>
      <Text fw={600}>~/.ssh/config names no host</Text>
      <Text c="dimmed">
        Postern reads the Host lines of ~/.ssh/config, of what it includes, and of the system’s ssh_config. Patterns
        such as *.example.net are rules, not hosts. Write the gateways there, or add one by its address.
      </Text>
      <Button onClick={() => goTo('/add')}>Add a gateway</Button>
      <Button variant="default" onClick={onReload}>
        Read it again
      </Button>
    </Stack>
  );
}

function Notes({ notes }: { notes: readonly string[] }) {
  return (
    <Alert color="gray" icon={<IconInfoCircle size={18} />} title="Left out" role="note">
      {/* It scrolls, so it takes the focus. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <ul className={classes['notes']} tabIndex={0} aria-label="Left out">
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </Alert>
  );
}

type PickerProps = { hosts: readonly ConfiguredHost[]; onImported: (outcome: Output<'ssh:import'>) => void };

function Picker({ hosts, onImported }: PickerProps) {
  const groups = useCall('groups:list', {});
  const act = useAct('ssh:import');
  const [query, setQuery] = useState('');
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const [group, setGroup] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const found = useMemo(() => findHosts(hosts, query), [hosts, query]);
  // In the order of the file, and none that came into the fleet meanwhile.
  const aliases = hosts.filter((host) => marked.has(host.alias) && canImport(host)).map(({ alias }) => alias);
  const submit = async (): Promise<void> => {
    setProblem(null);
    const outcome = await act.run({ aliases, group });
    await Promise.all([refreshCalls('fleet:list'), refreshCalls('groups:list'), refreshCalls('ssh:configured-hosts')]);
    if (outcome.ok) onImported(outcome.value);
    else setProblem(outcome.problem);
  };
  return (
    <>
      <Text c="dimmed" maw="100ch">
        They stay aliases: what the file says later counts. Host keys that known_hosts holds are pinned; the others are
        named afterwards, and nothing signs in before you have compared them.
      </Text>
      <div className={classes['tools']}>
        <TextInput
          data-search
          className={classes['search']}
          leftSection={<IconSearch size={16} />}
          placeholder="Name, address, user, key… ( / )"
          aria-label="Search the hosts"
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
        />
        <Text c="dimmed" ml="auto" role="status">
          {summary(hosts.length, found.length)}
        </Text>
      </div>
      <HostTable hosts={found} marked={marked} onMark={setMarked} />
      {problem !== null && <ProblemAlert problem={problem} title="Not imported" />}
      <div className={classes['foot']}>
        <Select
          aria-label="Group"
          w={240}
          clearable
          placeholder="In no group"
          data={(groups.value ?? []).map(({ name }) => name)}
          value={group}
          onChange={setGroup}
        />
        <Button disabled={aliases.length === 0} loading={act.isRunning} onClick={() => void submit()}>
          {aliases.length === 0 ? 'Import' : `Import ${countGateways(aliases.length)}`}
        </Button>
        <Button variant="subtle" color="gray" onClick={() => goTo('/')}>
          Cancel
        </Button>
      </div>
    </>
  );
}

function summary(all: number, found: number): string {
  const hosts = `${formatCount(all)} host${all === 1 ? '' : 's'}`;
  return found === all ? hosts : `${formatCount(found)} of ${hosts}`;
}
