// After an import: the gateways whose host key nobody knows yet, each to be compared by a person before anything signs in.
import { Button, Group, Skeleton, Text } from '@mantine/core';
import { IconCircleCheck, IconCircleDashed } from '@tabler/icons-react';
import type { Output } from '#ipc';
import { useCall } from '../../api/gateway-bridge.ts';
import { goTo } from '../../components/guarded-location.ts';
import { openReEnrolDialog } from '../../components/re-enrol-dialog.tsx';
import { SettingsSection } from '../../components/settings-section.tsx';
import classes from './import-ssh.module.css';

/** What was imported, and what to do next. */
export function UnknownKeys({ added, unknownKeys }: Output<'ssh:import'>) {
  const fleet = useCall('fleet:list', {});
  const pinned = new Set((fleet.value ?? []).filter((row) => row.hostKeys.length > 0).map(({ name }) => name));
  const open = unknownKeys.filter((name) => !pinned.has(name));
  const known = added.length - unknownKeys.length;
  return (
    <SettingsSection
      title={added.length === 1 ? '1 gateway imported' : `${added.length} gateways imported`}
      help={`${known === 0 ? 'None of them is' : `${known} of them ${known === 1 ? 'is' : 'are'}`} in known_hosts. The host key of these is not known here; until it is, nothing signs in to them. This can also be done later, from the menu of a gateway in the fleet: Compare host key.`}
    >
      {fleet.value === undefined && <Skeleton height={44} aria-label="Reading the fleet folder" />}
      {fleet.value !== undefined && (
        <ul className={classes['keys']} aria-label="Host keys to compare">
          {unknownKeys.map((name) => (
            <li key={name} className={classes['key']}>
              {pinned.has(name) ? (
                <IconCircleCheck size={18} color="var(--tone-green)" aria-hidden />
              ) : (
                <IconCircleDashed size={18} color="var(--tone-gray)" aria-hidden />
              )}
              <span>{name}</span>
              {pinned.has(name) ? (
                <Text c="dimmed">Trusted</Text>
              ) : (
                <Button
                  size="xs"
                  variant="default"
                  aria-label={`Verify ${name} now`}
                  onClick={() => openReEnrolDialog(name)}
                >
                  Verify now
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      <Text role="status">
        {open.length === 0 ? 'All of them are trusted.' : `${open.length} of ${unknownKeys.length} to compare.`}
      </Text>
      <Group>
        <Button variant={open.length === 0 ? 'filled' : 'default'} onClick={() => goTo('/')}>
          To the fleet
        </Button>
      </Group>
    </SettingsSection>
  );
}
