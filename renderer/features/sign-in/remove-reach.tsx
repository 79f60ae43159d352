// Removing a credential or a jump host: what goes with it, or who still uses it.
import { Text } from '@mantine/core';
import { modals } from '@mantine/modals';
import { callGateway } from '../../api/gateway-bridge.ts';
import { reportOutcome } from '../../components/report-outcome.ts';
import { usersInWords } from '../../components/users-in-words.ts';
import { refreshReach } from './refresh-reach.ts';

type Removal = { kind: 'credential' | 'jump host'; name: string; usedBy: readonly string[]; hasSecret: boolean };

/** Asks, unless somebody uses it: then it says who. */
export function askRemoval(removal: Removal): void {
  const { kind, name, usedBy, hasSecret } = removal;
  if (usedBy.length > 0) {
    modals.open({
      title: `${name} is in use`,
      children: (
        <Text>
          {`The ${kind} ${name} is used by ${usersInWords(usedBy)}. Choose another ${kind === 'credential' ? 'sign-in' : 'way'} in their SSH connection first; then it can be removed.`}
        </Text>
      ),
    });
    return;
  }
  modals.openConfirmModal({
    title: `Remove the ${kind} ${name}?`,
    children: <Text>{hasSecret ? 'Its secret on this computer is removed as well.' : 'Nobody uses it.'}</Text>,
    labels: { confirm: `Remove ${name}`, cancel: 'Keep it' },
    confirmProps: { color: 'red' },
    onConfirm: () => void remove(removal),
  });
}

/** Somebody may have begun to use it since: then it is refused, and they are named. */
async function remove({ kind, name }: Removal): Promise<void> {
  const channel = kind === 'credential' ? 'credentials:remove' : 'jump-hosts:remove';
  const outcome = await callGateway(channel, { name });
  reportOutcome(outcome, `The ${kind} ${name} is removed.`);
  await refreshReach();
}
