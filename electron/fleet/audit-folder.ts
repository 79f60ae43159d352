// What is changed in the fleet folder and in the vault, as entries of the audit log: facts only, never a secret.
import type { GatewayRecord } from '#contract/fleet';
import type { Outcome } from '#contract/outcome';
import type { Scope } from '#contract/scope';
import type { AuditFact } from '../store/audit-log.ts';
import type { FleetFolder } from '../store/fleet-folder.ts';
import type { Vault } from '../store/vault.ts';
import { audited, factOf, type Recorder, type Rules } from './audited.ts';

/** The same folder. */
export function auditFolder(folder: FleetFolder, recorder: Recorder): FleetFolder {
  const update: FleetFolder['update'] = async (name, { words, change }) => {
    let action = 'change';
    const outcome = await folder.update(name, {
      words,
      change(record) {
        const next = change(record);
        action = actionOf(record, next);
        return next;
      },
    });
    await recorder.record([factOf(outcome, { action, target: name, words })]);
    return outcome;
  };
  return audited({ ...folder, update }, folderRules, recorder);
}

/** The same vault. */
export function auditVault(vault: Vault, recorder: Recorder): Vault {
  return audited(vault, vaultRules, recorder);
}

function actionOf(before: GatewayRecord, after: GatewayRecord): string {
  if (JSON.stringify(before.hostKeys) !== JSON.stringify(after.hostKeys)) return 'host-key';
  return JSON.stringify(before.ssh) === JSON.stringify(after.ssh) ? 'change' : 'sign-in';
}

/** How an entry names a scope. */
export function targetOf(scope: Scope): string {
  if (scope.kind === 'fleet') return 'fleet';
  return scope.kind === 'group' ? `group ${scope.name}` : scope.name;
}

const folderRules: Rules<FleetFolder> = {
  add: (outcome, name, { ssh, hostKeys }) => {
    const keys = hostKeys.map(({ type, fingerprint }) => `${type} ${fingerprint}`).join(', ');
    const words = `Add ${name}: ${ssh.user}@${ssh.host} port ${ssh.port}, host key ${keys === '' ? 'not pinned' : keys}`;
    return [factOf(outcome, { action: 'add', target: name, words })];
  },
  save: (outcome, ...[target, , words]) => [factOf(outcome, { action: 'change', target, words })],
  update: 'silent', // told above
  remove: (outcome, name) => [factOf(outcome, { action: 'remove', target: name, words: `Remove ${name}` })],
  restore: (outcome, name) => [factOf(outcome, { action: 'restore', target: name, words: `Bring back ${name}` })],
  recordPush: 'silent', // the engine tells the push
  saveDraft: (outcome, scope, { words }) => {
    const target = targetOf(scope);
    return [factOf(outcome, { action: 'save', target, words: words.trim() === '' ? `Change ${target}` : words })];
  },
  addGroup: (outcome, name) => [groupFact(outcome, name, 'Add the group')],
  moveGroup: (outcome, name, parent) => [groupFact(outcome, name, `Move the group below ${parent ?? 'the fleet'}`)],
  renameGroup: (outcome, name, newName) => [groupFact(outcome, name, `Rename the group to ${newName}`)],
  removeGroup: (outcome, name) => [groupFact(outcome, name, 'Remove the group')],
  restoreGroup: (outcome, name) => [groupFact(outcome, name, 'Bring the group back')],
  moveGateways: (outcome, names, group) =>
    names.map((target) => factOf(outcome, { action: 'group', target, words: `Move to ${group ?? 'no group'}` })),
  tagGateways: (outcome, names, { add, remove }) => {
    const words = `Tags: ${[...add.map((tag) => `+ ${tag}`), ...remove.map((tag) => `− ${tag}`)].join(', ')}`;
    return names.map((target) => factOf(outcome, { action: 'tag', target, words }));
  },
  saveSharedList: (outcome, { name }) => [listFact(outcome, name, 'Change')],
  removeSharedList: (outcome, name) => [listFact(outcome, name, 'Remove')],
  restoreSharedList: (outcome, name) => [listFact(outcome, name, 'Bring back')],
  storeCertificate: (outcome, _pem, words) => [factOf(outcome, { action: 'certificate', target: null, words })],
  saveCredential: (outcome, name, { user, signIn }) => [
    factOf(outcome, { action: 'sign-in', target: `credential ${name}`, words: `Save it: ${user}, ${signIn.kind}` }),
  ],
  removeCredential: (outcome, name) => [
    factOf(outcome, { action: 'sign-in', target: `credential ${name}`, words: 'Remove it' }),
  ],
  saveJumpHost: (outcome, name, { host, port, user, hostKeys }) => {
    const keys = hostKeys.map(({ fingerprint }) => fingerprint).join(', ');
    const words = `Save it: ${user}@${host} port ${port}, host key ${keys === '' ? 'not pinned' : keys}`;
    return [factOf(outcome, { action: 'jump-host', target: `jump host ${name}`, words })];
  },
  removeJumpHost: (outcome, name) => [
    factOf(outcome, { action: 'jump-host', target: `jump host ${name}`, words: 'Remove it' }),
  ],
  keepAudit: 'silent',
  loadCredential: 'silent',
  listCredentials: 'silent',
  loadJumpHost: 'silent',
  listJumpHosts: 'silent',
  usageOfReach: 'silent',
  path: 'silent',
  who: 'silent',
  list: 'silent',
  load: 'silent',
  loadDraft: 'silent',
  resolve: 'silent',
  view: 'silent',
  reach: 'silent',
  listGroups: 'silent',
  loadList: 'silent',
  listSharedLists: 'silent',
  loadSharedList: 'silent',
  loadCertificate: 'silent',
};

function groupFact(outcome: Outcome<unknown>, name: string, words: string): AuditFact {
  return factOf(outcome, { action: 'group', target: `group ${name}`, words });
}

function listFact(outcome: Outcome<unknown>, name: string, verb: string): AuditFact {
  return factOf(outcome, { action: 'list', target: null, words: `${verb} the shared list ${name}` });
}

const vaultRules: Rules<Vault> = {
  storePrivateKey: (outcome) => {
    const facts = outcome.ok ? ` ${outcome.value.keyType}, ${outcome.value.sha256.slice(0, 12)}` : '';
    return [factOf(outcome, { action: 'private-key', target: null, words: `Store a private key${facts}` })];
  },
  storeSecret: (outcome, owner) => [
    factOf(outcome, { action: 'sign-in', target: ownerInWords(owner), words: 'Store a secret for signing in' }),
  ],
  removeSecret: (outcome, owner) => [
    factOf(outcome, { action: 'sign-in', target: ownerInWords(owner), words: 'Forget the secret for signing in' }),
  ],
  unlock: 'silent',
  state: 'silent',
  loadPrivateKey: 'silent',
  hasPrivateKey: 'silent',
  hasSecret: 'silent',
  describePrivateKey: 'silent',
  loadSecret: 'silent',
};

/** The vault writes 'credential:edge'; entries about its record say 'credential edge'. */
function ownerInWords(owner: string): string {
  return owner.replace(/^credential:/, 'credential ').replace(/^jump-host:/, 'jump host ');
}
