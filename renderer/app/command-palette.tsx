// Everything by name: gateways, their tabs, what one can do. Opened with Ctrl+K or ⌘K.
import { useState } from 'react';
import { Spotlight, type SpotlightActionData, type SpotlightActionGroupData } from '@mantine/spotlight';
import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import {
  IconFileImport,
  IconFolder,
  IconFolderOpen,
  IconHistory,
  IconKeyboard,
  IconMoon,
  IconPlus,
  IconSearch,
  IconServer2,
  IconUpload,
} from '@tabler/icons-react';
import type { FleetRow, GroupRow } from '#ipc';
import { useCall } from '../api/gateway-bridge.ts';
import { importSshPath } from '../components/connect-paths.ts';
import { countGateways } from '../components/format-time.ts';
import { gatewayPath, gatewayTabs } from '../components/gateway-path.ts';
import { stateLooks } from '../components/gateway-state.tsx';
import { goTo } from '../components/guarded-location.ts';
import { groupPath } from '../components/group-path.ts';
import { historyPath } from '../components/history-path.ts';
import { useOpenReview } from '../components/open-review.ts';
import { openFleetFolder } from '../components/open-fleet-folder.ts';
import { openRollout } from '../components/open-rollout.ts';
import { openKeysDialog } from './keys-dialog.tsx';
import { navEntries } from './nav-entries.ts';

/** The screen that is opened most stands first, so that a name and Enter lead there. */
const paletteTabs = [...gatewayTabs].sort((a, b) => Number(b.tab === 'connections') - Number(a.tab === 'connections'));

function gatewayActions(rows: FleetRow[]): SpotlightActionData[] {
  return rows.flatMap((row) => [
    ...paletteTabs.map(({ tab, label }) => ({
      id: `${row.name}/${tab}`,
      label: `${row.name}: ${label}`,
      description: stateLooks[row.sight.state].words,
      leftSection: <IconServer2 size={18} />,
      onClick: () => goTo(gatewayPath(row.name, tab)),
    })),
    {
      id: `${row.name}/history`,
      label: `${row.name}: History`,
      leftSection: <IconHistory size={18} />,
      onClick: () => goTo(historyPath({ kind: 'gateway', name: row.name })),
    },
  ]);
}

function groupActions(groups: readonly GroupRow[]): SpotlightActionData[] {
  return groups.map(({ name, gateways }) => ({
    id: `group ${name}`,
    label: `Group ${name}`,
    description: countGateways(gateways),
    leftSection: <IconFolder size={18} />,
    onClick: () => goTo(groupPath(name)),
  }));
}

const screenActions: SpotlightActionData[] = [
  { id: 'fleet', label: 'Fleet', leftSection: <IconServer2 size={18} />, onClick: () => goTo('/') },
  ...navEntries.map(({ path, label, Icon }) => ({
    id: path,
    label,
    leftSection: <Icon size={18} />,
    onClick: () => goTo(path),
  })),
];

/** The palette; without a picture until it is opened. */
export function CommandPalette() {
  const [isOpen, setOpen] = useState(false);
  const fleet = useCall('fleet:list', {});
  const groups = useCall('groups:list', {});
  const openReview = useOpenReview();
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme('light') === 'dark';
  const rows = (fleet.value ?? []).filter((row) => row.unreadable === null);
  const waiting = rows.filter((row) => row.hasUnpushedChanges).map((row) => row.name);
  const actions: SpotlightActionGroupData[] = [
    {
      group: 'Actions',
      actions: [
        ...screenActions,
        { id: 'add', label: 'Add a gateway', leftSection: <IconPlus size={18} />, onClick: () => goTo('/add') },
        {
          id: 'import-ssh',
          label: 'Import from ~/.ssh/config',
          leftSection: <IconFileImport size={18} />,
          onClick: () => goTo(importSshPath),
        },
        ...(waiting.length === 0
          ? []
          : [
              {
                id: 'push',
                label: `Review and push saved changes (${waiting.length})`,
                description: waiting.slice(0, 6).join(', '),
                leftSection: <IconUpload size={18} />,
                onClick: () => {
                  if (waiting.length > 1) openRollout(waiting);
                  else openReview({ targets: waiting.map((name) => ({ name })) });
                },
              },
            ]),
        {
          id: 'scheme',
          label: isDark ? 'Light colours' : 'Dark colours',
          leftSection: <IconMoon size={18} />,
          onClick: () => setColorScheme(isDark ? 'light' : 'dark'),
        },
        {
          id: 'scheme-auto',
          label: 'Colours as the system has them',
          leftSection: <IconMoon size={18} />,
          onClick: () => setColorScheme('auto'),
        },
        {
          id: 'open-folder',
          label: 'Open another fleet folder…',
          leftSection: <IconFolderOpen size={18} />,
          onClick: () => void openFleetFolder(),
        },
        { id: 'keys', label: 'Keyboard keys', leftSection: <IconKeyboard size={18} />, onClick: openKeysDialog },
      ],
    },
    { group: 'Groups', actions: groupActions(groups.value ?? []) },
    // Eight thousand actions of a large fleet are made when somebody looks, not at each look at a gateway.
    { group: 'Gateways', actions: isOpen ? gatewayActions(rows) : [] },
  ];
  return (
    <Spotlight
      actions={actions}
      onSpotlightOpen={() => setOpen(true)}
      onSpotlightClose={() => setOpen(false)}
      shortcut="mod + K"
      tagsToIgnore={[]}
      scrollable
      maxHeight={420}
      limit={40}
      attributes={{ content: { 'aria-label': 'Find' } }}
      scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': 'Found', role: 'group' } }}
      nothingFound="Nothing has that name."
      searchProps={{
        leftSection: <IconSearch size={18} />,
        placeholder: 'Gateway, tab or action',
        'aria-label': 'Gateway, tab or action',
      }}
    />
  );
}
