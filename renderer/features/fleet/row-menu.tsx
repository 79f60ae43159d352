// What can be done with one gateway from the fleet table.
import { useState } from 'react';
import { ActionIcon, Menu } from '@mantine/core';
import {
  IconDots,
  IconKey,
  IconPencil,
  IconRefresh,
  IconServer2,
  IconShieldCheck,
  IconTrash,
  IconUpload,
} from '@tabler/icons-react';
import type { FleetRow } from '#ipc';
import { callGateway, refreshCalls } from '../../api/gateway-bridge.ts';
import { gatewayPath } from '../../components/gateway-path.ts';
import { goTo } from '../../components/guarded-location.ts';
import { openReEnrolDialog } from '../../components/re-enrol-dialog.tsx';
import { reportOutcome } from '../../components/report-outcome.ts';
import { showUndoNotice } from '../../components/undo-notice.tsx';
import { openConnectionDialog } from './connection-dialog.tsx';
import { openSecretDialog } from './secret-dialog.tsx';

async function remove(name: string): Promise<void> {
  const outcome = await callGateway('gateway:remove', { name });
  if (!outcome.ok) return void reportOutcome(outcome);
  await refreshCalls('fleet:list');
  showUndoNotice(`${name} is removed from the fleet. The gateway itself goes on as it is.`, () => {
    void callGateway('gateway:restore', { name, undo: outcome.value.undo }).then(async (restored) => {
      reportOutcome(restored, `${name} is back.`);
      await refreshCalls('fleet:list');
    });
  });
}

/** The three dots at a row's end. */
export function RowMenu({ row, onReview }: { row: FleetRow; onReview: () => void }) {
  const [isLooking, setLooking] = useState(false);
  const { name } = row;
  const look = async (): Promise<void> => {
    setLooking(true);
    reportOutcome(await callGateway('fleet:refresh', { name }));
    await refreshCalls('fleet:list');
    setLooking(false);
  };
  return (
    <Menu position="bottom-end" withinPortal={false} floatingStrategy="fixed" withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${name}`} loading={isLooking}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconServer2 size={16} />} onClick={() => goTo(gatewayPath(name))}>
          Open
        </Menu.Item>
        <Menu.Item leftSection={<IconUpload size={16} />} onClick={onReview}>
          {row.hasUnpushedChanges ? 'Review and push saved changes…' : 'Review and push again…'}
        </Menu.Item>
        <Menu.Item leftSection={<IconRefresh size={16} />} onClick={() => void look()}>
          Look again
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => openConnectionDialog(row)}>
          Edit SSH connection…
        </Menu.Item>
        {row.ssh !== null && row.ssh.signIn.kind !== 'agent' && (
          <Menu.Item leftSection={<IconKey size={16} />} onClick={() => openSecretDialog(row)}>
            {row.ssh.signIn.kind === 'key' ? 'Set passphrase…' : 'Set password…'}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconShieldCheck size={16} />} onClick={() => openReEnrolDialog(name)}>
          Compare host key…
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconTrash size={16} />} color="var(--tone-red)" onClick={() => void remove(name)}>
          Remove from the fleet
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
