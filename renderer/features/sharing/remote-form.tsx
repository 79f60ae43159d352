// Where the fleet is shared: the repository's address, and for https the token that opens it.
import { useState } from 'react';
import { Button, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { modals } from '@mantine/modals';
import type { RemoteState } from '#ipc';
import type { Problem } from '#contract/outcome';
import { refreshCalls, useAct } from '../../api/gateway-bridge.ts';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { reportOutcome } from '../../components/report-outcome.ts';
import { hostOfRemote, judgeUrl, takesToken } from './conflict-choices.ts';

type Props = {
  state: RemoteState;
  /** null: it is shared for the first time, and there is nothing to go back to. */
  onDone: (() => void) | null;
};

/** Address and token. Saving asks nobody yet: the first Sync does. */
export function RemoteForm({ state, onDone }: Props) {
  const act = useAct('remote:set');
  const [url, setUrl] = useState(state.url ?? '');
  const [token, setToken] = useState('');
  const [isTried, setTried] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const wrong = judgeUrl(url);
  const set = async (next: string | null): Promise<void> => {
    setProblem(null);
    const withToken = next !== null && takesToken(next) && token !== '';
    const outcome = await act.run({ url: next, token: withToken ? token : null });
    if (!outcome.ok) return setProblem(outcome.problem);
    reportOutcome(outcome, next === null ? 'No longer shared from here. The remote itself is as it was.' : undefined);
    await refreshCalls('remote:state');
    onDone?.();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (wrong === null) void set(url.trim());
      }}
    >
      <Stack gap="sm">
        <TextInput
          label="Address of the repository"
          description="https://git.example.net/team/fleet.git; or through the system’s git git@git.example.net:team/fleet.git or a folder"
          value={url}
          error={isTried ? wrong : null}
          onChange={(event) => setUrl(event.currentTarget.value)}
          data-autofocus
        />
        {takesToken(url) && (
          <PasswordInput
            label="Token"
            description={
              state.hasToken
                ? 'One is stored on this computer. Type another only to replace it.'
                : 'With the right to read and write this repository; kept with the other secrets of this computer.'
            }
            autoComplete="off"
            value={token}
            onChange={(event) => setToken(event.currentTarget.value)}
          />
        )}
        {problem !== null && <ProblemAlert problem={problem} title="Not set" />}
        <Group gap="xs">
          <Button type="submit" loading={act.isRunning}>
            {state.url === null ? 'Share through it' : 'Save'}
          </Button>
          {onDone !== null && (
            <Button variant="default" onClick={onDone}>
              Cancel
            </Button>
          )}
          {state.url !== null && (
            <Button
              variant="subtle"
              color="red"
              ml="auto"
              onClick={() => askForget(state.url ?? '', () => void set(null))}
            >
              Stop sharing…
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}

function askForget(url: string, forget: () => void): void {
  modals.openConfirmModal({
    title: 'Stop sharing?',
    children: (
      <Text>
        This folder forgets {hostOfRemote(url)} and the token for it. What is saved here and there stays as it is.
      </Text>
    ),
    labels: { confirm: 'Stop sharing', cancel: 'Go on sharing' },
    confirmProps: { color: 'red' },
    onConfirm: forget,
  });
}
