// The steps of one file's way in: pick, upload, and the passphrase in between where the key is encrypted.
import { useState } from 'react';
import type { FileFacts } from '#contract/fleet';
import type { Problem } from '#contract/outcome';
import type { FilePurpose, Output } from '#ipc';
import { callGateway } from '../../api/gateway-bridge.ts';

type Picked = NonNullable<Output<'file:browse'>>;

/** What the row of a file shows and does. */
export type FileUpload = {
  picked: Picked | null;
  problem: Problem | null;
  isRunning: boolean;
  asksPassphrase: boolean;
  passphraseProblem: string | null;
  browse: () => Promise<void>;
  upload: (passphrase?: string) => Promise<void>;
  drop: () => void;
  cancelPassphrase: () => void;
};

type State = Pick<FileUpload, 'picked' | 'problem' | 'isRunning' | 'asksPassphrase' | 'passphraseProblem'>;

const idle: State = { picked: null, problem: null, isRunning: false, asksPassphrase: false, passphraseProblem: null };

/** `onStored` is told the facts; the file's content never comes to the window. */
export function useFileUpload(purpose: FilePurpose, onStored: (facts: FileFacts) => void): FileUpload {
  const [state, setState] = useState(idle);
  return {
    ...state,
    async browse() {
      const outcome = await callGateway('file:browse', { purpose });
      if (!outcome.ok) setState((held) => ({ ...held, problem: outcome.problem }));
      else if (outcome.value !== null) setState({ ...idle, picked: outcome.value });
    },
    async upload(passphrase) {
      const { picked } = state;
      if (picked === null) return;
      setState((held) => ({ ...held, isRunning: true, problem: null, passphraseProblem: null }));
      const secret = passphrase === undefined ? {} : { passphrase };
      const outcome = await callGateway('file:upload', { purpose, token: picked.token, ...secret });
      if (outcome.ok) {
        setState(idle);
        onStored(outcome.value);
        return;
      }
      const { problem } = outcome;
      if (problem.code === 'secret-needed') setState({ ...idle, picked, asksPassphrase: true });
      // A wrong passphrase is asked for again at once; any other refusal ends the question.
      else if (
        passphrase !== undefined &&
        problem.code === 'certificate-rejected' &&
        /passphrase/i.test(problem.message)
      ) {
        setState({ ...idle, picked, asksPassphrase: true, passphraseProblem: problem.message });
      } else setState({ ...idle, picked: problem.code === 'vault-locked' ? picked : null, problem });
    },
    drop: () => setState(idle),
    cancelPassphrase: () => setState((held) => ({ ...held, asksPassphrase: false, passphraseProblem: null })),
  };
}
