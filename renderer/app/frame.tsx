// The window's frame: the bar on the left, notices that concern the whole app above, the screen in the rest.
import type { ReactNode } from 'react';
import { ActionIcon, AppShell, Group, Kbd, NavLink, ScrollArea, Text, Tooltip, UnstyledButton } from '@mantine/core';
import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { spotlight } from '@mantine/spotlight';
import { IconMoon, IconSearch, IconSun } from '@tabler/icons-react';
import { useLocation } from 'wouter';
import { useCall } from '../api/gateway-bridge.ts';
import { FleetLink, GroupTree } from '../features/fleet/group-tree.tsx';
import { modKey } from './mod-key.ts';
import { navEntries } from './nav-entries.ts';
import { VaultNotice } from './vault-notice.tsx';
import classes from './frame.module.css';

/** Bar and screen. */
export function Frame({ children }: { children: ReactNode }) {
  return (
    <AppShell navbar={{ width: 208, breakpoint: 0 }} padding={0}>
      <AppShell.Navbar className={classes['bar']} aria-label="Main">
        <div className={classes['brand']}>Postern</div>
        <NavLinks />
        <BarFoot />
      </AppShell.Navbar>
      <AppShell.Main className={classes['main']}>
        <VaultNotice />
        <div className={classes['screen']}>{children}</div>
      </AppShell.Main>
    </AppShell>
  );
}

function NavLinks() {
  return (
    <>
      <ScrollArea className={classes['links']} type="auto">
        <FleetLink />
        <Entries isSetup={false} />
        <GroupTree />
      </ScrollArea>
      <div className={classes['setup']}>
        <Entries isSetup />
      </div>
    </>
  );
}

function Entries({ isSetup }: { isSetup: boolean }) {
  const [location] = useLocation();
  return navEntries
    .filter((entry) => entry.isSetup === isSetup)
    .map(({ path, label, Icon }) => (
      <NavLink
        key={path}
        href={`#${path}`}
        label={label}
        leftSection={<Icon size={16} />}
        active={location === path || location.startsWith(`${path}/`)}
      />
    ));
}

function BarFoot() {
  const info = useCall('app:info', {});
  return (
    <div className={classes['foot']}>
      <Group justify="space-between" wrap="nowrap">
        <UnstyledButton onClick={spotlight.open} className={classes['find']}>
          <IconSearch size={16} />
          <span>Find</span>
          <Kbd size="xs">{modKey}+K</Kbd>
        </UnstyledButton>
        <SchemeSwitch />
      </Group>
      {info.value?.isDevelopmentRuntime === true && (
        <Tooltip
          multiline
          w={320}
          label={`Electron ${info.value.electron}, repacked by another vendor and end of life. Install with access to GitHub to run the official one.`}
        >
          <Text className={classes['runtime']} tabIndex={0}>
            Development runtime: not for production
          </Text>
        </Tooltip>
      )}
    </div>
  );
}

function SchemeSwitch() {
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme('light') === 'dark';
  const words = isDark ? 'Light colours' : 'Dark colours';
  return (
    <Tooltip label={words}>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={words}
        onClick={() => setColorScheme(isDark ? 'light' : 'dark')}
      >
        {isDark ? <IconSun size={16} /> : <IconMoon size={16} />}
      </ActionIcon>
    </Tooltip>
  );
}
