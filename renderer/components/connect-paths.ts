// Addresses of the screens that say how gateways are reached, for every screen that leads there.

/** Hosts of ~/.ssh/config become gateways. */
export const importSshPath = '/import-ssh';
