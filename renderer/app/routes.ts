// Every address of the window. The access test walks over this list, so a screen that is not here does not exist; the
// bar and the palette offer only what is here.
import { gatewayTabs } from '../components/gateway-path.ts';

const settingsTabs = gatewayTabs.filter(({ observes }) => !observes);

/** Path patterns; `:name` is a gateway's name, `:group` a group's, `:list` a shared list's, `:id` a rollout's. */
export const routes: { path: string; title: string }[] = [
  { path: '/', title: 'Fleet' },
  { path: '/add', title: 'Add a gateway' },
  { path: '/enrol', title: 'Enrol a bare host' },
  { path: '/unenrol/:name', title: 'Un-enrol' },
  { path: '/import-ssh', title: 'Import from ~/.ssh/config' },
  { path: '/sign-in', title: 'Sign-in and jump hosts' },
  { path: '/lists', title: 'Shared lists' },
  { path: '/rollouts', title: 'Rollouts' },
  { path: '/rollouts/new', title: 'New rollout' },
  { path: '/rollouts/:id', title: 'Rollout' },
  { path: '/lists/:list', title: 'shared' },
  { path: '/activity', title: 'Activity' },
  { path: '/history', title: 'History' },
  { path: '/history/fleet', title: 'History' },
  { path: '/history/groups/:group', title: 'History' },
  { path: '/history/gateways/:name', title: 'History' },
  { path: '/backups', title: 'Backups' },
  { path: '/fleet-settings', title: 'Fleet settings' },
  ...settingsTabs.map(({ tab, label }) => ({ path: `/fleet-settings/${tab}`, title: label })),
  ...settingsTabs.map(({ tab, label }) => ({ path: `/groups/:group/${tab}`, title: label })),
  ...gatewayTabs.map(({ tab, label }) => ({ path: `/gateways/:name/${tab}`, title: label })),
];
