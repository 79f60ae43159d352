// How gateways are reached, once for many of them: credentials and jump hosts, and who uses which.
import type { ReactNode } from 'react';
import { Button, Skeleton, Stack, Table, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import type { Problem } from '#contract/outcome';
import { useCall } from '../../api/gateway-bridge.ts';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { ScreenHeader } from '../../components/screen-header.tsx';
import { SettingsSection } from '../../components/settings-section.tsx';
import { openCredentialDialog } from './credential-dialog.tsx';
import { openJumpHostDialog } from './jump-host-dialog.tsx';
import { hostKeyWords, secretWords, signInWords, type CredentialRow, type JumpHostRow } from './reach-words.ts';
import { RowEnd } from './row-end.tsx';
import { askRemoval } from './remove-reach.tsx';
import classes from './sign-in.module.css';

/** Sign-in and jump hosts. */
export function SignInScreen() {
  const credentials = useCall('credentials:list', {});
  const jumpHosts = useCall('jump-hosts:list', {});
  const rows = { credentials: credentials.value, jumpHosts: jumpHosts.value };
  return (
    <>
      <ScreenHeader title="Sign-in and jump hosts" />
      <div className={classes['screen']}>
        <SettingsSection
          title="Credentials"
          help="One way to sign in for many gateways. Change it here, and it counts for all that use it; its secret lies with this computer’s secrets, never in the fleet folder."
          aside={<AddButton words="Add a credential" onAdd={() => openCredentialDialog(null, rows)} />}
        >
          <Part state={credentials} title="The credentials cannot be read" empty={noCredential}>
            {credentials.value !== undefined && <Credentials rows={credentials.value} />}
          </Part>
        </SettingsSection>
        <SettingsSection
          title="Jump hosts"
          help="SSH servers on the way to gateways that cannot be reached directly. Each is verified by its own host key, and signs in by itself."
          aside={<AddButton words="Add a jump host" onAdd={() => openJumpHostDialog(null, rows)} />}
        >
          <Part state={jumpHosts} title="The jump hosts cannot be read" empty={noJumpHost}>
            {jumpHosts.value !== undefined && <JumpHosts rows={jumpHosts.value} />}
          </Part>
        </SettingsSection>
      </div>
    </>
  );
}

const noCredential = {
  title: 'No credential yet',
  words: 'Each gateway signs in by itself. Add one here, then choose it in the SSH connection of gateways.',
};
const noJumpHost = {
  title: 'No jump host yet',
  words: 'Gateways are reached directly, or as ~/.ssh/config says. Add one here, then choose it under By way of.',
};

function AddButton({ words, onAdd }: { words: string; onAdd: () => void }) {
  return (
    <Button variant="default" leftSection={<IconPlus size={16} />} onClick={onAdd} className={classes['add']}>
      {words}
    </Button>
  );
}

type PartProps = {
  state: { value: readonly unknown[] | undefined; problem: Problem | null; reload: () => Promise<void> };
  title: string;
  empty: { title: string; words: string };
  children: ReactNode;
};

function Part({ state, title, empty, children }: PartProps) {
  if (state.problem !== null) {
    return (
      <ProblemAlert problem={state.problem} title={title}>
        <Button size="xs" variant="default" onClick={() => void state.reload()}>
          Read them again
        </Button>
      </ProblemAlert>
    );
  }
  if (state.value === undefined) return <Skeleton height={80} aria-label="Reading the fleet folder" />;
  if (state.value.length > 0) return children;
  return (
    <Stack gap={2}>
      <Text fw={600}>{empty.title}</Text>
      <Text c="dimmed">{empty.words}</Text>
    </Stack>
  );
}

function Credentials({ rows }: { rows: readonly CredentialRow[] }) {
  return (
    <Table verticalSpacing={6} highlightOnHover aria-label="Credentials" layout="fixed">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Name</Table.Th>
          <Table.Th>User</Table.Th>
          <Table.Th>Signs in with</Table.Th>
          <Table.Th>Secret</Table.Th>
          <Table.Th>Used by</Table.Th>
          <Table.Td className={classes['actsHead']} />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={row.name}>
            <Table.Td className={classes['name']}>{row.name}</Table.Td>
            <Table.Td className={classes['cell']}>{row.credential.user}</Table.Td>
            <Table.Td className={classes['cell']} title={signInWords(row.credential.signIn)}>
              {signInWords(row.credential.signIn)}
            </Table.Td>
            <Table.Td>{secretWords(row.credential.signIn, row.hasSecret)}</Table.Td>
            <RowEnd
              row={row}
              onEdit={() => openCredentialDialog(row, {})}
              onRemove={() => askRemoval({ kind: 'credential', ...row })}
            />
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function JumpHosts({ rows }: { rows: readonly JumpHostRow[] }) {
  return (
    <Table verticalSpacing={6} highlightOnHover aria-label="Jump hosts" layout="fixed">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Name</Table.Th>
          <Table.Th>Address</Table.Th>
          <Table.Th>Signs in</Table.Th>
          <Table.Th>Host key</Table.Th>
          <Table.Th>Used by</Table.Th>
          <Table.Td className={classes['actsHead']} />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => {
          const { host, port, user, signIn, credential, hostKeys } = row.jumpHost;
          const own = `${user}, ${signInWords(signIn)}`;
          return (
            <Table.Tr key={row.name}>
              <Table.Td className={classes['name']}>{row.name}</Table.Td>
              <Table.Td className={classes['cell']}>{`${host} port ${port}`}</Table.Td>
              <Table.Td>
                {credential === null ? own : `credential ${credential}`}
                {credential === null && signIn.kind !== 'agent' && (
                  <Text c="dimmed" fz={13}>
                    {secretWords(signIn, row.hasSecret)}
                  </Text>
                )}
              </Table.Td>
              <Table.Td data-wrong={hostKeys.length === 0 || undefined} className={classes['hostKey']}>
                {hostKeyWords(hostKeys)}
              </Table.Td>
              <RowEnd
                row={row}
                onEdit={() => openJumpHostDialog(row, {})}
                onRemove={() => askRemoval({ kind: 'jump host', ...row })}
              />
            </Table.Tr>
          );
        })}
      </Table.Tbody>
    </Table>
  );
}
