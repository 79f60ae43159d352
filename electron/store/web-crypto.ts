// age looks for Web Crypto as a global when it is loaded. Node 18, inside the Electron that stands in for development,
// has it behind a module only. Imported before age, for what it does.
import { webcrypto } from 'node:crypto';

if (!('crypto' in globalThis)) Object.defineProperty(globalThis, 'crypto', { value: webcrypto });
