// Second step of un-enrolment: what will be removed, the mail that waits there, and a deliberate yes.
import { useState } from 'react';
import { Button, Checkbox, Group, Text, TextInput } from '@mantine/core';
import type { EnrolReport, FleetRow } from '#ipc';
import type { Problem } from '#contract/outcome';
import { gatewayPath } from '../../components/gateway-path.ts';
import { goTo } from '../../components/guarded-location.ts';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { SettingsField, SettingsSection } from '../../components/settings-section.tsx';
import { ItemList } from './item-list.tsx';
import { Looking } from './looking.tsx';
import { removalItems, removalWords } from './removal-items.ts';

type Props = {
  row: FleetRow;
  host: string;
  report: EnrolReport | null;
  problem: Problem | null;
  onLook: () => void;
  onRemove: () => void;
  onBack: () => void;
};

/** Nothing was touched so far. */
export function RemovalStep({ row, host, report, problem, onLook, onRemove, onBack }: Props) {
  const { name } = row;
  const waiting = row.sight.status?.queue?.messages ?? null; // null: it could not be asked
  return (
    <SettingsSection title={`What will be removed from ${host}`} help={report?.system}>
      {report === null && problem === null && <Looking host={host} />}
      {problem !== null && <ProblemAlert problem={problem} title="It could not be looked at" />}
      {report !== null && (
        <>
          <ItemList items={removalItems(report, name)} label="What will be removed" words={removalWords} />
          <Text role="status">
            {report.isEnrolled
              ? 'Nothing else on the host changes. Nothing was touched so far.'
              : `Nothing on ${host} was made by an enrolment: only ${name} leaves the fleet.`}
          </Text>
          {report.isEnrolled && <WaitingMail name={name} count={waiting} />}
          <Confirm name={name} onRemove={onRemove} onBack={onBack} />
        </>
      )}
      {report === null && (
        <Group mt="xs">
          {problem !== null && <Button onClick={onLook}>Look again</Button>}
          <Button variant="subtle" color="gray" onClick={onBack}>
            Back
          </Button>
        </Group>
      )}
    </SettingsSection>
  );
}

function WaitingMail({ name, count }: { name: string; count: number | null }) {
  if (count === 0) return null;
  if (count === null) {
    const message = `${name} does not say how much waits in its queue.`;
    return (
      <ProblemAlert
        tone="warning"
        title="Whether mail waits there is unknown"
        problem={{ message, hint: 'The host is asked first. Nothing is removed unless none waits, or you give it up.' }}
      />
    );
  }
  const message = `${count === 1 ? 'One message waits' : `${count.toLocaleString('en')} messages wait`} in its queue.`;
  return (
    <ProblemAlert
      tone="warning"
      title="Mail waits there"
      problem={{ message, hint: 'Nothing is removed while mail waits, unless you give it up afterwards.' }}
    >
      <OpenQueue name={name} />
    </ProblemAlert>
  );
}

function OpenQueue({ name }: { name: string }) {
  return (
    <Button size="xs" variant="default" onClick={() => goTo(gatewayPath(name, 'queue'))}>
      {`Open the queue of ${name}`}
    </Button>
  );
}

type ConfirmProps = { name: string; onRemove: () => void; onBack: () => void };

function Confirm({ name, onRemove, onBack }: ConfirmProps) {
  const [typed, setTyped] = useState('');
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (typed === name) onRemove();
      }}
    >
      <SettingsField label="To confirm" htmlFor="unenrol-name" help={`Type ${name}.`}>
        <TextInput
          id="unenrol-name"
          w={240}
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      </SettingsField>
      <Group ml={216} mt={12}>
        <Button type="submit" color="red" disabled={typed !== name}>
          {`Un-enrol ${name}`}
        </Button>
        <Button variant="subtle" color="gray" onClick={onBack}>
          Back
        </Button>
      </Group>
    </form>
  );
}

/** After a removal that stopped because of it. */
export function GiveUpMail({ name, onConfirm }: { name: string; onConfirm: () => void }) {
  const [isSure, setSure] = useState(false);
  return (
    <Group>
      <OpenQueue name={name} />
      <Checkbox
        label="The mail that waits there is lost for ever"
        checked={isSure}
        onChange={(event) => setSure(event.currentTarget.checked)}
      />
      <Button color="red" disabled={!isSure} onClick={onConfirm}>
        Give the mail up and remove everything
      </Button>
    </Group>
  );
}
