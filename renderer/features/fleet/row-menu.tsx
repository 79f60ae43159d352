// What can be done with one gateway from the fleet table. One menu for all rows, opened where it was asked for.
import { Menu } from '@mantine/core';
import {
  IconFolder,
  IconHistory,
  IconKey,
  IconPencil,
  IconRefresh,
  IconServer2,
  IconServerOff,
  IconShieldCheck,
  IconTag,
  IconTrash,
  IconUpload,
} from '@tabler/icons-react';
import type { FleetRow } from '#ipc';
import { callGateway, refreshCalls } from '../../api/gateway-bridge.ts';
import { takeSights } from '../../api/fleet-sights.ts';
import { gatewayPath } from '../../components/gateway-path.ts';
import { goTo } from '../../components/guarded-location.ts';
import { historyPath } from '../../components/history-path.ts';
import { unenrolPath } from '../../components/enrol-path.ts';
import { openReEnrolDialog } from '../../components/re-enrol-dialog.tsx';
import { reportOutcome } from '../../components/report-outcome.ts';
import { showUndoNotice } from '../../components/undo-notice.tsx';
import { openConnectionDialog } from './connection-dialog.tsx';
import { openMoveDialog } from './move-dialog.tsx';
import { openSecretDialog } from './secret-dialog.tsx';
import { openTagsDialog } from './tags-dialog.tsx';
import classes from './fleet-table.module.css';

/** For whom the menu is open, and where. */
export type MenuPlace = { name: string; x: number; y: number };

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

async function look(name: string): Promise<void> {
  const outcome = await callGateway('fleet:refresh', { name });
  if (outcome.ok) takeSights({ [name]: outcome.value });
  else reportOutcome(outcome);
}

type Props = {
  place: MenuPlace | null;
  rows: readonly FleetRow[];
  onClose: () => void;
  onReview: (names: string[]) => void;
};

/** Nothing while no row asked for it. */
export function RowMenu({ place, rows, onClose, onReview }: Props) {
  const row = place === null ? undefined : rows.find((candidate) => candidate.name === place.name);
  if (place === null || row === undefined) return null;
  const { name } = row;
  return (
    <Menu opened onChange={(isOpen) => !isOpen && onClose()} position="bottom-start">
      <Menu.Target>
        <span
          aria-label={`Actions for ${name}`}
          className={classes['menuAt']}
          style={{ left: place.x, top: place.y }}
        />
      </Menu.Target>
      <Menu.Dropdown onClick={(event) => event.stopPropagation()}>
        <Menu.Item leftSection={<IconServer2 size={16} />} onClick={() => goTo(gatewayPath(name))}>
          Open
        </Menu.Item>
        <Menu.Item leftSection={<IconUpload size={16} />} onClick={() => onReview([name])}>
          {row.hasUnpushedChanges ? 'Review and push saved changes…' : 'Review and push again…'}
        </Menu.Item>
        <Menu.Item leftSection={<IconRefresh size={16} />} onClick={() => void look(name)}>
          Look again
        </Menu.Item>
        <Menu.Item leftSection={<IconHistory size={16} />} onClick={() => goTo(historyPath({ kind: 'gateway', name }))}>
          History
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconFolder size={16} />} onClick={() => openMoveDialog([name])}>
          Move to a group…
        </Menu.Item>
        <Menu.Item leftSection={<IconTag size={16} />} onClick={() => openTagsDialog([row], rows)}>
          Tags…
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => openConnectionDialog(row)}>
          Edit SSH connection…
        </Menu.Item>
        {row.ssh !== null && row.ssh.credential === null && ['key', 'password'].includes(row.ssh.signIn.kind) && (
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
        {row.ssh?.signIn.kind === 'stored-key' && (
          <Menu.Item
            leftSection={<IconServerOff size={16} />}
            color="var(--tone-red)"
            onClick={() => goTo(unenrolPath(name))}
          >
            Un-enrol…
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
