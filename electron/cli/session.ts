// One run of the command: the fleet folder, the vault and the engine, opened from the options.
import { resolve } from 'node:path';
import { done, type Outcome } from '#contract/outcome';
import { openFleet, type Fleet } from '../fleet/open-fleet.ts';
import { whoIsHere } from '../store/who-is-here.ts';
import { appFolder } from './app-folder.ts';
import { chooseGateways, type Selection } from './choose-gateways.ts';
import { readPassphraseFile } from './passphrase-file.ts';
import { createSecretSource } from './secret-source.ts';
import { tellProblem } from './results.ts';
import type { Terminal } from './terminal.ts';

/** The options that every command on a fleet folder takes. */
export type SessionOptions = Selection & {
  fleet: string;
  json?: boolean | undefined;
  identity?: string | undefined;
  passphraseFile?: string | undefined;
  appFolder?: string | undefined;
};

export type Session = Omit<Fleet, 'recorder'> & {
  /** The gateways that the command is about, in the order of the folder. */
  names: string[];
  terminal: Terminal;
  json: boolean;
};

/** Opens everything, or says what is in the way. Nothing is connected yet. */
export async function openSession(options: SessionOptions, terminal: Terminal): Promise<Outcome<Session>> {
  const passphrase = await (options.passphraseFile === undefined
    ? done(null)
    : readPassphraseFile(options.passphraseFile));
  if (!passphrase.ok) return passphrase;
  const opened = await openFleet({
    path: resolve(options.fleet),
    appFolder: options.appFolder ?? appFolder(),
    who: whoIsHere(),
    tellTrouble: (problem) => tellProblem(terminal, problem),
    secrets: (vault) =>
      createSecretSource({
        vault,
        terminal,
        identity: options.identity === undefined ? null : resolve(options.identity),
        passphrase: passphrase.value,
      }),
  });
  if (!opened.ok) return opened;
  const names = await chooseGateways(opened.value.folder, options);
  if (!names.ok) return names;
  return done({ ...opened.value, names: names.value, terminal, json: options.json === true });
}
