// Entry of the window.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { setNonce } from 'get-nonce';
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '@mantine/spotlight/styles.css';
import './app/global.css';
import { App } from './app/app.tsx';

/** The nonce of this load: Mantine and react-remove-scroll may add style elements only with it. */
function readNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
}

async function start(): Promise<void> {
  // Cut out of the production bundle: the condition is false there at build time.
  if (import.meta.env.DEV && window.gateway === undefined) {
    const { createFakeBridge } = await import('./api/fake-bridge.ts');
    window.gateway = createFakeBridge(new URLSearchParams(window.location.search).get('fake') ?? 'full');
  }
  const nonce = readNonce();
  setNonce(nonce);
  const root = document.getElementById('root');
  if (root === null) throw new Error('index.html has no #root.');
  createRoot(root).render(
    <StrictMode>
      <App nonce={nonce} />
    </StrictMode>,
  );
}

void start();
