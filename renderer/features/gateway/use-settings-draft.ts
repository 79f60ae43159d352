// One gateway's settings being edited: what is saved, what the draft makes of it, and the way back.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Draft, SettingsDocument } from '#ipc';
import type { FileFacts } from '#contract/fleet';
import type { Problem } from '#contract/outcome';
import { callGateway } from '../../api/gateway-bridge.ts';

/** Typing within this time is one step of undo. */
const oneStepMilliseconds = 800;
/** Drafts share what did not change, so a step costs little. */
const stepsKept = 100;

type State = { document: SettingsDocument; draft: Draft; past: Draft[]; future: Draft[] };

/** The draft and what can be done with it. */
export type SettingsDraft = {
  document: SettingsDocument | null;
  draft: Draft | null;
  problem: Problem | null; // of loading
  isDirty: boolean;
  canUndo: boolean;
  canRedo: boolean;
  change: (draft: Draft) => void;
  addFile: (facts: FileFacts) => void;
  undo: () => void;
  redo: () => void;
  cancel: () => void; // brings back what is saved
  markSaved: (savedVersion: string) => void;
  reload: () => void;
};

function isSameDraft(a: Draft, b: Draft): boolean {
  if (a === b) return true;
  if (a.denyText !== b.denyText || a.permitText !== b.permitText) return false;
  return JSON.stringify(a.settings) === JSON.stringify(b.settings);
}

function step(state: State, draft: Draft, isNewStep: boolean): State {
  const past = isNewStep ? [...state.past, state.draft].slice(-stepsKept) : state.past;
  return { ...state, draft, past, future: [] };
}

function undoStep(state: State): State {
  const draft = state.past.at(-1);
  if (draft === undefined) return state;
  return { ...state, draft, past: state.past.slice(0, -1), future: [state.draft, ...state.future] };
}

function redoStep(state: State): State {
  const [draft, ...future] = state.future;
  if (draft === undefined) return state;
  return { ...state, draft, past: [...state.past, state.draft], future };
}

/** Loads the gateway's settings and keeps the draft of this screen. */
export function useSettingsDraft(name: string): SettingsDraft {
  const [state, setState] = useState<State | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [round, setRound] = useState(0);
  const changedAt = useRef(0);
  useEffect(() => {
    let isCurrent = true;
    void callGateway('settings:load', { name }).then((outcome) => {
      if (!isCurrent) return;
      setProblem(outcome.ok ? null : outcome.problem);
      if (outcome.ok) setState({ document: outcome.value, draft: outcome.value.draft, past: [], future: [] });
    });
    return () => {
      isCurrent = false;
    };
  }, [name, round]);
  const edit = useCallback((next: (state: State) => State) => setState((now) => (now === null ? null : next(now))), []);
  const change = useCallback(
    (draft: Draft) => {
      const now = Date.now();
      const isNewStep = now - changedAt.current > oneStepMilliseconds;
      changedAt.current = now;
      edit((old) => step(old, draft, isNewStep || old.past.length === 0));
    },
    [edit],
  );
  const acts = useMemo(
    () => ({
      addFile: (facts: FileFacts) =>
        edit((old) => ({
          ...old,
          document: { ...old.document, files: { ...old.document.files, [facts.sha256]: facts } },
        })),
      undo: () => edit(undoStep),
      redo: () => edit(redoStep),
      cancel: () => edit((old) => step(old, old.document.draft, true)),
      markSaved: (savedVersion: string) =>
        edit((old) => ({ ...old, document: { ...old.document, draft: old.draft, savedVersion } })),
      reload: () => setRound((count) => count + 1),
    }),
    [edit],
  );
  const isDirty = useMemo(() => state !== null && !isSameDraft(state.draft, state.document.draft), [state]);
  return {
    document: state?.document ?? null,
    draft: state?.draft ?? null,
    problem,
    isDirty,
    canUndo: (state?.past.length ?? 0) > 0,
    canRedo: (state?.future.length ?? 0) > 0,
    change,
    ...acts,
  };
}
