// What can be done with one group.
import { ActionIcon, Menu } from '@mantine/core';
import {
  IconArrowRight,
  IconDots,
  IconFolderPlus,
  IconHistory,
  IconPencil,
  IconTrash,
  IconUpload,
} from '@tabler/icons-react';
import { useLocation } from 'wouter';
import type { FleetRow } from '#ipc';
import { useCall } from '../../api/gateway-bridge.ts';
import { goTo } from '../../components/guarded-location.ts';
import { historyPath } from '../../components/history-path.ts';
import { groupPath } from '../../components/group-path.ts';
import { openRollout } from '../../components/open-rollout.ts';
import { askRemoveGroup, openMoveGroupDialog, openNewGroupDialog, openRenameGroupDialog } from './group-dialogs.tsx';
import { withDescendants, type TreeLine } from './group-order.ts';
import classes from './group-tree.module.css';

/** A screen of the group goes on under the new name. */
export function renameGroup(name: string, location: string): void {
  const path = groupPath(name);
  openRenameGroupDialog(name, (newName) => {
    if (location === path || location.startsWith(`${path}/`)) goTo(location.replace(path, groupPath(newName)));
  });
}

/** The three dots at a group's end. */
export function GroupMenu({ line, rows }: { line: TreeLine; rows: readonly FleetRow[] }) {
  const { name } = line.group;
  const groups = useCall('groups:list', {});
  const [location] = useLocation();
  const members = (): string[] => {
    const names = new Set(withDescendants(groups.value ?? [], name));
    return rows
      .filter((row) => row.unreadable === null && row.group !== null && names.has(row.group))
      .map((row) => row.name);
  };
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <ActionIcon
          size={22}
          variant="subtle"
          color="gray"
          className={classes['menu']}
          aria-label={`Actions for group ${name}`}
        >
          <IconDots size={14} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconUpload size={16} />}
          disabled={line.total === 0}
          onClick={() => openRollout(members())}
        >
          Review and push to all {line.total}…
        </Menu.Item>
        <Menu.Item leftSection={<IconHistory size={16} />} onClick={() => goTo(historyPath({ kind: 'group', name }))}>
          History
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconFolderPlus size={16} />} onClick={() => openNewGroupDialog(name)}>
          New group inside…
        </Menu.Item>
        <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => renameGroup(name, location)}>
          Rename…
        </Menu.Item>
        <Menu.Item
          leftSection={<IconArrowRight size={16} />}
          onClick={() => openMoveGroupDialog(name, groups.value ?? [])}
        >
          Move this group…
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconTrash size={16} />}
          color="var(--tone-red)"
          onClick={() => askRemoveGroup(line.group)}
        >
          Remove the group…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
