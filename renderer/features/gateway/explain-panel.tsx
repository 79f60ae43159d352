// "What would happen to this address?": the gateway's own ladder of decisions, rung by rung.
import { useState } from 'react';
import { Alert, Button, Group, Text, TextInput } from '@mantine/core';
import { IconCircleCheck, IconCircleDashed, IconCircleX, IconHelpCircle } from '@tabler/icons-react';
import { parseAddress } from '#contract/addresses';
import type { Explanation, LadderStep } from '#contract/replies';
import type { Problem } from '#contract/outcome';
import { useAct } from '../../api/gateway-bridge.ts';
import { Mono } from '../../components/mono.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { SettingsField, SettingsSection } from '../../components/settings-section.tsx';
import classes from './gateway.module.css';

const rungs: Record<LadderStep['rule'], string> = {
  'connection-control': 'Connection control',
  'simultaneous-connections': 'Simultaneous connections',
  'tls-requirement': 'TLS requirement',
  'message-rule': 'Message rule',
  delivery: 'Delivery',
};

const looks = {
  pass: { Icon: IconCircleCheck, tone: 'green', word: 'passes' },
  refuse: { Icon: IconCircleX, tone: 'red', word: 'refused' },
  condition: { Icon: IconHelpCircle, tone: 'yellow', word: 'depends' },
  'not-reached': { Icon: IconCircleDashed, tone: 'gray', word: 'not reached' },
} as const;

/** Asks the gateway, not the draft: what runs there decides. */
export function ExplainPanel({ name }: { name: string }) {
  const explain = useAct('fleet:explain');
  const [address, setAddress] = useState('');
  const [wrong, setWrong] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [answer, setAnswer] = useState<Explanation | null>(null);
  const ask = async (): Promise<void> => {
    const parsed = parseAddress(address.trim());
    setWrong('reason' in parsed ? parsed.reason : null);
    if ('reason' in parsed) return;
    const outcome = await explain.run({ name, address: address.trim() });
    setProblem(outcome.ok ? null : outcome.problem);
    setAnswer(outcome.ok ? outcome.value : null);
  };
  return (
    <SettingsSection
      title="Explain an address"
      help="What would happen to a connection from this address now, by what the gateway runs; drafts do not count."
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void ask();
        }}
      >
        <SettingsField label="Address" htmlFor="explain-address" problem={wrong}>
          <Group gap="xs">
            <TextInput
              id="explain-address"
              w={320}
              styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }}
              placeholder="192.0.2.7"
              value={address}
              error={wrong !== null}
              onChange={(event) => setAddress(event.currentTarget.value)}
            />
            <Button type="submit" variant="default" loading={explain.isRunning} disabled={address.trim() === ''}>
              Ask {name}
            </Button>
          </Group>
        </SettingsField>
      </form>
      {problem !== null && <ProblemAlert problem={problem} />}
      {answer !== null && <Answer answer={answer} />}
    </SettingsSection>
  );
}

function Answer({ answer }: { answer: Explanation }) {
  const isTaken = answer.verdict === 'accept';
  return (
    <div role="status">
      <Alert
        color={isTaken ? 'green' : 'red'}
        icon={isTaken ? <IconCircleCheck size={18} /> : <IconCircleX size={18} />}
        title={
          isTaken ? `A connection from ${answer.address} is taken` : `A connection from ${answer.address} is refused`
        }
      >
        <ol className={classes['ladder']}>
          {answer.steps.map((step) => (
            <Rung key={step.rule} step={step} />
          ))}
        </ol>
      </Alert>
    </div>
  );
}

function Rung({ step }: { step: LadderStep }) {
  const look = looks[step.outcome];
  return (
    <li className={classes['rung']}>
      <look.Icon size={18} color={`var(--tone-${look.tone})`} aria-label={look.word} />
      <Text fw={600}>{rungs[step.rule]}</Text>
      <div>
        <Text>{step.words}</Text>
        {step.entry !== undefined && (
          <Text>
            Entry <Mono>{step.entry}</Mono>
          </Text>
        )}
        {step.reply !== undefined && (
          <Text>
            Reply <Mono>{step.reply}</Mono>
          </Text>
        )}
      </div>
    </li>
  );
}
