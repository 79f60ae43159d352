// The settings of one scope being edited: what is saved, what the draft makes of it, and the way back. What is edited
// is set at this scope from then on; a reset lets it follow what is inherited again.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Draft, SettingsDocument } from '#ipc';
import type { FileFacts } from '#contract/fleet';
import type { Problem } from '#contract/outcome';
import type { Scope } from '#contract/scope';
import { changedPaths, editSettings, settingPaths, withFieldsOf, type SettingPath } from '#contract/settings-layer';
import { callGateway } from '../api/gateway-bridge.ts';

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
  /** The field follows what is inherited. */
  reset: (path: SettingPath) => void;
  /** The field keeps its value here, whatever becomes of the inherited one. */
  pin: (path: SettingPath) => void;
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
  return JSON.stringify([a.settings, a.overrides]) === JSON.stringify([b.settings, b.overrides]);
}

/** What was edited is set here; what was brought back to its saved value by hand is as if nobody had touched it. */
function withEdits(state: State, draft: Draft): Draft {
  const saved = state.document.draft;
  // Screens may hand in a draft that is one edit old; which fields are set is known here.
  const before = { ...draft, settings: state.draft.settings, overrides: state.draft.overrides };
  const edited = editSettings(before, draft.settings);
  const touched = new Set([...changedPaths(saved.settings, draft.settings), ...saved.overrides]);
  const back = new Set(changedPaths(state.draft.settings, draft.settings).filter((path) => !touched.has(path)));
  return back.size === 0 ? edited : { ...edited, overrides: edited.overrides.filter((path) => !back.has(path)) };
}

function withReset(state: State, path: SettingPath): Draft {
  const { draft, document } = state;
  return {
    ...draft,
    settings: withFieldsOf(draft.settings, document.inherited.settings, [path]),
    overrides: draft.overrides.filter((known) => known !== path),
  };
}

function withPin(draft: Draft, path: SettingPath): Draft {
  return { ...draft, overrides: settingPaths.filter((known) => known === path || draft.overrides.includes(known)) };
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

/** Loads the scope's settings and keeps the draft of this screen. */
export function useSettingsDraft(scope: Scope): SettingsDraft {
  const [state, setState] = useState<State | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const reload = useLoad(scope, setState, setProblem);
  const changedAt = useRef(0);
  const edit = useCallback((next: (state: State) => State) => setState((now) => (now === null ? null : next(now))), []);
  const change = useCallback(
    (draft: Draft) => {
      const now = Date.now();
      const isNewStep = now - changedAt.current > oneStepMilliseconds;
      changedAt.current = now;
      edit((old) => step(old, withEdits(old, draft), isNewStep || old.past.length === 0));
    },
    [edit],
  );
  const acts = useMemo(
    () => ({
      reset: (path: SettingPath) => edit((old) => step(old, withReset(old, path), true)),
      pin: (path: SettingPath) => edit((old) => step(old, withPin(old.draft, path), true)),
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
    reload,
    ...acts,
  };
}

/** Loads at once and again on `reload`; an answer for another scope is dropped. */
function useLoad(
  scope: Scope,
  onState: (state: State) => void,
  onProblem: (problem: Problem | null) => void,
): () => void {
  const [round, setRound] = useState(0);
  const { kind } = scope;
  const name = scope.kind === 'fleet' ? '' : scope.name;
  useEffect(() => {
    let isCurrent = true;
    const asked: Scope = kind === 'fleet' ? { kind } : { kind, name };
    void callGateway('settings:load', { scope: asked }).then((outcome) => {
      if (!isCurrent) return;
      onProblem(outcome.ok ? null : outcome.problem);
      if (outcome.ok) onState({ document: outcome.value, draft: outcome.value.draft, past: [], future: [] });
    });
    return () => {
      isCurrent = false;
    };
  }, [kind, name, round, onState, onProblem]);
  return useCallback(() => setRound((count) => count + 1), []);
}
