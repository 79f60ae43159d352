// What the dialogs of credentials and of jump hosts share: a name that is given once, the try to save, and how it ended.
import { useState, type ReactNode } from 'react';
import { Button, Group, Stack } from '@mantine/core';
import { modals } from '@mantine/modals';
import type { Outcome, Problem } from '#contract/outcome';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { reportOutcome } from '../../components/report-outcome.ts';
import { judgeNewName, NameField } from './name-field.tsx';
import { refreshReach } from './refresh-reach.ts';

type Subject = {
  modalId: 'credential' | 'jump-host';
  /** 'credential': as sentences call it. */
  what: string;
  /** Of what is edited; null: it is new. */
  given: string | null;
  /** Names that a new one cannot have. */
  taken: readonly string[];
};

/** `isTried`: somebody pressed Save, so what is missing is said. */
export type ReachDialog = Subject & {
  name: string;
  setName: (name: string) => void;
  nameProblem: string | null;
  isTried: boolean;
  isSaving: boolean;
  problem: Problem | null;
  /** null: the fields are not fit to be saved. */
  submit: (save: (() => Promise<Outcome<unknown>>) | null) => Promise<void>;
};

/** The state of one dialog. */
export function useReachDialog(subject: Subject): ReachDialog {
  const { modalId, what, given, taken } = subject;
  const [name, setName] = useState(given ?? '');
  const [isTried, setTried] = useState(false);
  const [isSaving, setSaving] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const nameProblem = given === null ? judgeNewName(name, taken) : null;
  const submit: ReachDialog['submit'] = async (save) => {
    setTried(true);
    if (save === null || nameProblem !== null) return;
    setSaving(true);
    const outcome = await save();
    setSaving(false);
    if (!outcome.ok) return setProblem(outcome.problem);
    modals.close(modalId);
    reportOutcome(outcome, `The ${what} ${name} is saved.`);
    await refreshReach();
  };
  return { ...subject, name, setName, nameProblem, isTried, isSaving, problem, submit };
}

type FrameProps = { dialog: ReachDialog; placeholder: string; onSave: () => void; children: ReactNode };

/** The form around the fields. */
export function ReachForm({ dialog, placeholder, onSave, children }: FrameProps) {
  const { modalId, given, name, nameProblem, isTried, isSaving, problem } = dialog;
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSave();
      }}
    >
      <Stack gap="sm">
        {given === null && (
          <NameField
            id={`${modalId}-name`}
            value={name}
            placeholder={placeholder}
            problem={isTried ? nameProblem : null}
            onChange={dialog.setName}
          />
        )}
        {children}
        {problem !== null && <ProblemAlert problem={problem} title="Not saved" />}
        <Group justify="flex-end">
          <Button variant="default" onClick={() => modals.close(modalId)}>
            Cancel
          </Button>
          <Button type="submit" loading={isSaving}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
