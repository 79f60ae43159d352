// "What would happen?": the gateway's own ladder of decisions for one client, sender and recipient, rung by rung.
import { useState, type ReactNode } from 'react';
import { Alert, Button, Group, Text, TextInput } from '@mantine/core';
import { IconCircleCheck, IconCircleDashed, IconCircleX, IconHelpCircle } from '@tabler/icons-react';
import { describeVerdict, type Verdict } from '#contract/describe-verdict';
import type { Explanation, LadderStep } from '#contract/replies';
import type { Problem } from '#contract/outcome';
import { useAct } from '../api/gateway-bridge.ts';
import { Mono } from './mono.tsx';
import { ProblemAlert } from './problem-alert.tsx';
import { readQuestion, type Question, type WrongQuestion } from './read-question.ts';
import { rungNames } from './rung-names.ts';
import { SettingsField, SettingsSection } from './settings-section.tsx';
import classes from './explain-panel.module.css';

const looks = {
  pass: { Icon: IconCircleCheck, tone: 'green', word: 'passes' },
  refuse: { Icon: IconCircleX, tone: 'red', word: 'refused' },
  condition: { Icon: IconHelpCircle, tone: 'yellow', word: 'depends' },
  'not-reached': { Icon: IconCircleDashed, tone: 'gray', word: 'not reached' },
} as const;

const verdictLooks: Record<Verdict['tone'], { color: string; icon: ReactNode }> = {
  taken: { color: 'green', icon: <IconCircleCheck size={18} /> },
  refused: { color: 'red', icon: <IconCircleX size={18} /> },
  depends: { color: 'yellow', icon: <IconHelpCircle size={18} /> },
};

type Answer = { asked: Question; explanation: Explanation };

/** Asks the gateway, not the draft: what runs there decides. */
export function ExplainPanel({ name, title }: { name: string; title: string }) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [answer, setAnswer] = useState<Answer | null>(null);
  return (
    <SettingsSection
      title={title}
      help="What would happen to a connection from this address now, and to a message in it, by what the gateway runs; drafts do not count."
    >
      <ExplainForm
        name={name}
        onAnswer={(next, failure) => {
          setAnswer(next);
          setProblem(failure);
        }}
      />
      {problem !== null && <ProblemAlert problem={problem} />}
      {answer !== null && <AnswerLadder key={JSON.stringify(answer.asked)} {...answer} />}
    </SettingsSection>
  );
}

type FormProps = { name: string; onAnswer: (answer: Answer | null, problem: Problem | null) => void };

function ExplainForm({ name, onAnswer }: FormProps) {
  const explain = useAct('fleet:explain');
  const [address, setAddress] = useState('');
  const [sender, setSender] = useState('');
  const [recipient, setRecipient] = useState('');
  const [wrong, setWrong] = useState<WrongQuestion>({});
  const ask = async (): Promise<void> => {
    const read = readQuestion({ address, sender, recipient });
    setWrong('asked' in read ? {} : read.wrong);
    if (!('asked' in read)) return;
    const { asked } = read;
    const outcome = await explain.run({ name, ...asked });
    if (outcome.ok) onAnswer({ asked, explanation: outcome.value }, null);
    else onAnswer(null, outcome.problem);
  };
  return (
    <form
      className={classes['form']}
      onSubmit={(event) => {
        event.preventDefault();
        void ask();
      }}
    >
      <SettingsField label="Address" htmlFor="explain-address" problem={wrong.address}>
        <TextInput
          id="explain-address"
          w={320}
          classNames={{ root: classes['mono'] ?? '' }}
          placeholder="192.0.2.7"
          value={address}
          error={wrong.address !== undefined}
          onChange={(event) => setAddress(event.currentTarget.value)}
        />
      </SettingsField>
      <SettingsField label="Sender" htmlFor="explain-sender" problem={wrong.sender}>
        <TextInput
          id="explain-sender"
          w={320}
          maxLength={320}
          placeholder="any; <> is the empty one"
          value={sender}
          error={wrong.sender !== undefined}
          onChange={(event) => setSender(event.currentTarget.value)}
        />
      </SettingsField>
      <SettingsField label="Recipient" htmlFor="explain-recipient" problem={wrong.recipient}>
        <Group gap="xs">
          <TextInput
            id="explain-recipient"
            w={320}
            maxLength={320}
            placeholder="any"
            value={recipient}
            error={wrong.recipient !== undefined}
            onChange={(event) => setRecipient(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" loading={explain.isRunning} disabled={address.trim() === ''}>
            Ask {name}
          </Button>
        </Group>
      </SettingsField>
    </form>
  );
}

/** The form stands at the end of long tabs: its answer would come below what is in sight. */
function bringIntoView(answer: HTMLDivElement | null): void {
  answer?.scrollIntoView({ block: 'nearest' });
}

function AnswerLadder({ asked, explanation }: Answer) {
  const verdict = describeVerdict(explanation, asked);
  return (
    <div role="status" ref={bringIntoView}>
      <Alert {...verdictLooks[verdict.tone]} title={verdict.words}>
        <ol className={classes['ladder']}>
          {explanation.steps.map((step) => (
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
      <Text fw={600}>{rungNames[step.rule]}</Text>
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
