// Bundles the window. Relative URLs, because the app serves it from a protocol of its own.
import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const root = fileURLToPath(new URL('../../renderer', import.meta.url));

export default defineConfig({
  root,
  base: './',
  plugins: [react()],
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'chrome114', // the oldest Chromium that runs the window, see docs/electron-runtime.md
    chunkSizeWarningLimit: 2000, // one window, loaded from disk
    modulePreload: { polyfill: false },
  },
  worker: { format: 'es' },
});
