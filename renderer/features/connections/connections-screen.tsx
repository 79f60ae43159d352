// SMTP Routing > Connections: a controlled editor of a draft in three sections. It reports what keeps the draft from
// being saved; loading, saving and the review belong to the frame.
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { FileFacts } from '#contract/fleet';
import type { GatewaySight } from '#contract/push';
import type { Scope } from '#contract/scope';
import type { Draft } from '#ipc';
import { scopePath } from '../../components/scope-editing.ts';
import { ControlSection } from './control-section.tsx';
import { InterfaceSection } from './interface-section.tsx';
import { judgeConnections, type Problems } from './judge-connections.ts';
import { TlsSection } from './tls-section.tsx';

/** What the frame hands in and gets back. */
export type ConnectionsScreenProps = {
  scope: Scope;
  draft: Draft;
  files: Record<string, FileFacts>;
  /** Of the gateway's interfaces; null while it has not told them. */
  addresses: string[] | null;
  sight: GatewaySight | null;
  onChange: (draft: Draft) => void;
  /** By path in the settings; Save waits until there is none. */
  onProblems: (problems: Record<string, string>) => void;
  onFileStored: (facts: FileFacts) => void;
};

/** The screen. Another gateway is another editor: nothing of one is carried to the next. */
export function ConnectionsScreen(props: ConnectionsScreenProps) {
  return <ConnectionsEditor key={scopePath(props.scope, 'connections')} {...props} />;
}

function ConnectionsEditor({
  scope,
  draft,
  files,
  addresses,
  sight,
  onChange,
  onProblems,
  onFileStored,
}: ConnectionsScreenProps) {
  const change = useDraftChange(draft, onChange);
  const [storedHere, setStoredHere] = useState<Record<string, FileFacts>>({});
  const known = useMemo(() => ({ ...files, ...storedHere }), [files, storedHere]);
  const [sectionProblems, reportSection] = useSectionProblems();
  const problems = useMemo(
    () => ({ ...judgeConnections(draft, known), ...sectionProblems }),
    [draft, known, sectionProblems],
  );
  useReport(problems, onProblems);
  const { connections } = draft.settings;
  const changeConnections = useCallback(
    (part: Partial<Draft['settings']['connections']>) =>
      change(({ settings, ...lists }) => ({
        ...lists,
        settings: { ...settings, connections: { ...settings.connections, ...part } },
      })),
    [change],
  );
  return (
    <>
      <InterfaceSection
        value={connections.interface}
        onChange={(next) => changeConnections({ interface: next })}
        {...{ addresses, sight, problems }}
      />
      <ControlSection
        scope={scope}
        control={connections.control}
        onControl={(part) => changeConnections({ control: { ...connections.control, ...part } })}
        denyText={draft.denyText}
        permitText={draft.permitText}
        onText={(list, text) =>
          change((latest) => ({ ...latest, [list === 'deny' ? 'denyText' : 'permitText']: text }))
        }
        onProblems={reportSection}
      />
      <TlsSection
        value={connections.tls}
        onChange={(part) =>
          change(({ settings, ...lists }) => ({
            ...lists,
            settings: {
              ...settings,
              connections: { ...settings.connections, tls: { ...settings.connections.tls, ...part } },
            },
          }))
        }
        onFileStored={(facts) => {
          setStoredHere((held) => ({ ...held, [facts.sha256]: facts }));
          onFileStored(facts);
        }}
        onProblems={reportSection}
        files={known}
        {...{ sight, problems }}
      />
    </>
  );
}

/** Changes build on the latest draft, not on the one last drawn: a worker's answer may come between two draws. */
function useDraftChange(draft: Draft, onChange: (draft: Draft) => void): (edit: (draft: Draft) => Draft) => void {
  const latest = useRef({ draft, onChange });
  useLayoutEffect(() => {
    latest.current = { draft, onChange };
  });
  return useCallback((edit) => {
    latest.current.draft = edit(latest.current.draft);
    latest.current.onChange(latest.current.draft);
  }, []);
}

/** Problems that only a section knows (a list still being written, a file chosen but not uploaded). */
function useSectionProblems(): [Problems, (field: string, problem: string | null) => void] {
  const [problems, setProblems] = useState<Problems>({});
  const report = useCallback((field: string, problem: string | null) => {
    setProblems((held) => {
      if ((held[field] ?? null) === problem) return held;
      const { [field]: _, ...rest } = held;
      return problem === null ? rest : { ...rest, [field]: problem };
    });
  }, []);
  return [problems, report];
}

/** What was chosen or under way ends with the screen; what is wrong in the draft stays wrong without it. */
const isPassing = (field: string): boolean => field.endsWith('.upload') || field.endsWith('.pending');

function useReport(problems: Problems, onProblems: (problems: Problems) => void): void {
  const told = useRef<string | null>(null);
  const latest = useRef({ problems, onProblems });
  useEffect(() => {
    latest.current = { problems, onProblems };
    const text = JSON.stringify(problems);
    if (told.current === text) return;
    told.current = text;
    onProblems(problems);
  }, [problems, onProblems]);
  useEffect(
    () => () => {
      told.current = null;
      const lasting = Object.entries(latest.current.problems).filter(([field]) => !isPassing(field));
      latest.current.onProblems(Object.fromEntries(lasting));
    },
    [],
  );
}
