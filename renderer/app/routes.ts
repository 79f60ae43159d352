// Every address of the window. The access test walks over this list, so a screen that is not here does not exist; the
// bar and the palette offer only what is here.
import { gatewayTabs } from '../components/gateway-path.ts';

/** Path patterns; `:name` is a gateway's name, `:group` a group's, `:id` a rollout's. */
export const routes: { path: string; title: string }[] = [
  { path: '/', title: 'Fleet' },
  { path: '/add', title: 'Add a gateway' },
  ...gatewayTabs.map(({ tab, label }) => ({ path: `/gateways/:name/${tab}`, title: label })),
];
