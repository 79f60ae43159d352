// The servers of a static route: lower preference first, equal ones shared at random, the next one on failure.
import { ActionIcon, Button, Table, Text, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { WholeNumber } from '../../components/whole-number.tsx';
import { nextServer, type RouteForm, type WrongField } from './route-form.ts';

/** What the configuration takes. */
const mostServers = 50;

type Servers = RouteForm['servers'];
type Props = { servers: Servers; wrong: WrongField | null; onChange: (servers: Servers) => void };

/** One line a server. */
export function ServerFields({ servers, wrong, onChange }: Props) {
  const set = (key: string, part: Partial<Servers[number]>): void =>
    onChange(servers.map((server) => (server.key === key ? { ...server, ...part } : server)));
  return (
    <div>
      <Table verticalSpacing={4} horizontalSpacing={4} withRowBorders={false} aria-label="Servers">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Server</Table.Th>
            <Table.Th w={84}>Port</Table.Th>
            <Table.Th w={92}>Preference</Table.Th>
            <Table.Td w={36} />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {servers.map(({ key, host, port, preference }, index) => (
            <Table.Tr key={key}>
              <Table.Td>
                <TextInput
                  aria-label={`Server ${index + 1}`}
                  placeholder="mail.example.net or 192.0.2.25"
                  spellCheck={false}
                  value={host}
                  error={wrong === `host-${index}`}
                  onChange={(event) => set(key, { host: event.currentTarget.value })}
                />
              </Table.Td>
              <Table.Td>
                <WholeNumber
                  id={`port-${key}`}
                  name={`Port of server ${index + 1}`}
                  width={76}
                  value={port}
                  isWrong={wrong === `port-${index}`}
                  onChange={(next) => set(key, { port: next })}
                />
              </Table.Td>
              <Table.Td>
                <WholeNumber
                  id={`preference-${key}`}
                  name={`Preference of server ${index + 1}`}
                  width={84}
                  value={preference}
                  isWrong={wrong === `preference-${index}`}
                  onChange={(next) => set(key, { preference: next })}
                />
              </Table.Td>
              <Table.Td>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={`Remove server ${index + 1}`}
                  disabled={servers.length === 1}
                  onClick={() => onChange(servers.filter((server) => server.key !== key))}
                >
                  <IconX size={16} />
                </ActionIcon>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconPlus size={14} />}
        disabled={servers.length >= mostServers}
        onClick={() => onChange([...servers, nextServer(servers)])}
      >
        Add a server
      </Button>
      <Text c="dimmed" fz={13} mt={4}>
        Lower preference first; equal ones are shared at random; the next one on failure.
      </Text>
    </div>
  );
}
