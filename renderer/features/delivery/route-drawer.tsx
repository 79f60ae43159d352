// One route being added or changed. Nothing of it is in the draft before its button is pressed.
import { useState, type FormEvent } from 'react';
import { Button, Drawer, Group, NativeSelect, Radio, Stack, Text, TextInput } from '@mantine/core';
import type { DeliveryRoute } from '#contract/config';
import { WholeNumber } from '../../components/whole-number.tsx';
import { tlsNames } from './describe-route.ts';
import { readRouteForm, toRouteForm, type RouteForm, type WrongField } from './route-form.ts';
import { ServerFields } from './server-fields.tsx';

/** `route: null` adds one. */
export type RouteEdit = { route: DeliveryRoute | null };

type Props = {
  edit: RouteEdit | null; // null: closed
  taken: ReadonlySet<string>; // matches of the other routes
  onDone: (route: DeliveryRoute) => void;
  onClose: () => void;
};

/** The drawer. */
export function RouteDrawer({ edit, taken, onDone, onClose }: Props) {
  return (
    <Drawer
      opened={edit !== null}
      onClose={onClose}
      position="right"
      size={560}
      title={edit === null || edit.route === null ? 'Add a route' : `Route for ${edit.route.match}`}
      closeButtonProps={{ 'aria-label': 'Close the route' }}
      styles={{
        header: { paddingInline: 24 },
        title: { fontSize: 18, fontWeight: 600 },
        body: { padding: '0 24px 24px' },
      }}
    >
      {edit !== null && <Form edit={edit} {...{ taken, onDone, onClose }} />}
    </Drawer>
  );
}

function Form({ edit, taken, onDone, onClose }: Props & { edit: RouteEdit }) {
  const [form, setForm] = useState(() => toRouteForm(edit.route));
  const [wasTried, setTried] = useState(false);
  const read = readRouteForm(form, taken);
  const problem = wasTried && 'words' in read ? read : null;
  const set = (part: Partial<RouteForm>): void => setForm({ ...form, ...part });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if ('route' in read) onDone(read.route);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          label="Recipients"
          description="A domain, *.domain for every name below it, or one address. The most specific route wins."
          placeholder="example.net"
          data-autofocus
          spellCheck={false}
          value={form.match}
          error={problem?.field === 'match'}
          onChange={(event) => set({ match: event.currentTarget.value })}
        />
        <Radio.Group
          label="Delivered by"
          value={form.kind}
          onChange={(kind) => set({ kind: kind === 'mx' ? 'mx' : 'static' })}
        >
          <Group gap="lg" mih={32}>
            <Radio value="static" label="Static routing" />
            <Radio value="mx" label="MX record lookup" />
          </Group>
        </Radio.Group>
        {form.kind === 'mx' ? (
          <MxFields form={form} set={set} wrong={problem?.field ?? null} />
        ) : (
          <ServerFields
            servers={form.servers}
            wrong={problem?.field ?? null}
            onChange={(servers) => set({ servers })}
          />
        )}
        <NativeSelect
          label="Outgoing TLS"
          description="Required verifies the certificate and the name of the server, and never sends in clear."
          w={280}
          data={Object.entries(tlsNames).map(([value, label]) => ({ value, label }))}
          value={form.outgoing}
          onChange={(event) => set({ outgoing: event.currentTarget.value as RouteForm['outgoing'] })}
        />
        {problem !== null && (
          <Text role="alert" style={{ color: 'var(--mantine-color-error)' }}>
            {problem.words}
          </Text>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit">{edit.route === null ? 'Add route' : 'Change route'}</Button>
        </Group>
      </Stack>
    </form>
  );
}

type MxProps = { form: RouteForm; set: (part: Partial<RouteForm>) => void; wrong: WrongField | null };

function MxFields({ form, set, wrong }: MxProps) {
  return (
    <>
      <TextInput
        label="Look up"
        description="The name whose MX record is asked for; empty: the recipient’s own domain."
        placeholder="the recipient’s own domain"
        spellCheck={false}
        value={form.mxName}
        error={wrong === 'mxName'}
        onChange={(event) => set({ mxName: event.currentTarget.value })}
      />
      <Group gap="xs">
        <Text component="label" htmlFor="route-mx-port" fw={500}>
          Route port
        </Text>
        <WholeNumber
          id="route-mx-port"
          value={form.mxPort}
          isWrong={wrong === 'mxPort'}
          onChange={(mxPort) => set({ mxPort })}
        />
      </Group>
    </>
  );
}
