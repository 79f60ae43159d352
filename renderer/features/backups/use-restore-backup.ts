// Brings a backup back in place: how far it is, how to stop it, and the way back once it is done.
import { useState } from 'react';
import type { Output } from '#ipc';
import type { Outcome } from '#contract/outcome';
import { callGateway, refreshCalls, useGatewayEvent } from '../../api/gateway-bridge.ts';
import { reportOutcome } from '../../components/report-outcome.ts';
import { refreshRestored, useRestoredNotice } from '../../components/use-restored-notice.ts';

/** What a restoration would do. */
export type Preview = Output<'backup:preview-restore'>;

/** A save may make the backup of today, and what each would change is another. */
const followers = ['backup:list', 'backup:preview-restore'] as const;

type Running = { words: string; canStop: boolean };

/** `run` tells its success by itself; a failure is the caller's to show. */
export function useRestoreBackup() {
  const tellRestored = useRestoredNotice();
  const [running, setRunning] = useState<Running | null>(null);
  useGatewayEvent('backup:progress', (told) => setRunning((now) => (now === null ? null : told)));
  const run = async (day: string, { differences }: Preview): Promise<Outcome<Output<'backup:restore'>>> => {
    setRunning({ words: 'Restoring…', canStop: true });
    const outcome = await callGateway('backup:restore', { day });
    if (outcome.ok) await Promise.all([refreshRestored(), ...followers.map((channel) => refreshCalls(channel))]);
    setRunning(null);
    if (!outcome.ok) return outcome;
    const { before } = outcome.value;
    if (before === null) reportOutcome(outcome, 'Nothing was to be restored: the fleet is so already.');
    else {
      const undo = () => callGateway('history:restore', { scope: { kind: 'fleet' }, commit: before });
      await tellRestored({ who: 'the fleet', from: `from ${day}`, differences, undo });
    }
    return outcome;
  };
  const cancel = (): void => {
    setRunning((now) => (now === null ? null : { words: 'Cancelling…', canStop: false }));
    void callGateway('backup:cancel', {});
  };
  return { run, cancel, running };
}
