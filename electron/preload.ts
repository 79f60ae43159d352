// Exposes the contract as window.gateway; no logic. Runs sandboxed: it may name channels, nothing more.
import { contextBridge, ipcRenderer } from 'electron';
import type { GatewayBridge } from '#ipc';

const bridge: GatewayBridge = {
  call: (channel, input) => ipcRenderer.invoke(channel, input),
  on: (event, listener) => {
    const receive = (_event: unknown, data: Parameters<typeof listener>[0]): void => listener(data);
    ipcRenderer.on(event, receive);
    return () => ipcRenderer.off(event, receive);
  },
};

contextBridge.exposeInMainWorld('gateway', bridge);
