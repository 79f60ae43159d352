// A fleet that exists only in `vite dev`: gateways in every state, for whoever works on the look of the window.
import type { Draft, FleetRow, GroupRow, SettingsDocument } from '#ipc';
import type { FileFacts, HostKey } from '#contract/fleet';
import type { GatewaySight, GatewayState } from '#contract/push';
import type { CertificateFacts, StatusReply } from '#contract/replies';
import { defaultConfig } from '#contract/config';
import { defaultSettings } from '#contract/settings';

const day = 86_400_000;

/** A revision that looks like one and differs by seed. */
export function fakeRevision(seed: string): string {
  let hash = 2166136261;
  for (const char of seed) hash = Math.imul(hash ^ char.charCodeAt(0), 16777619) >>> 0;
  return Array.from({ length: 8 }, (_, i) =>
    (Math.imul(hash, i * 2654435761 + 97) >>> 0).toString(16).padStart(8, '0'),
  ).join('');
}

/** The host key of a gateway; a `salt` makes another one. */
export function fakeHostKey(host: string, salt = ''): HostKey {
  const base = btoa(fakeRevision(host + salt)).replaceAll('=', '');
  return { type: 'ssh-ed25519', key: btoa(host + salt), fingerprint: `SHA256:${base.slice(0, 43)}` };
}

/** A certificate that expires in so many days. */
export function fakeCertificate(name: string, daysLeft: number): CertificateFacts {
  const fingerprint = fakeRevision(name).toUpperCase().match(/../g)?.join(':') ?? '';
  return {
    subject: `CN=${name}`,
    names: [name, `smtp.${name}`],
    issuer: 'CN=Example Issuing CA 3, O=Example Trust',
    notBefore: new Date(Date.now() - 40 * day).toISOString(),
    notAfter: new Date(Date.now() + daysLeft * day).toISOString(),
    keyType: 'EC P-256',
    fingerprint,
    chainLength: 2,
  };
}

type Traits = {
  host: string;
  state: GatewayState;
  daysLeft?: number;
  now?: number;
  limit?: number;
  pushedAgo?: number;
};

const traits: Record<string, Traits> = {
  mx1: { host: 'mx1.example.net', state: 'in-sync', daysLeft: 212, now: 412, limit: 1000, pushedAgo: 3 * 3_600_000 },
  mx2: {
    host: 'mx2.example.net',
    state: 'changed-here',
    daysLeft: 212,
    now: 388,
    limit: 1000,
    pushedAgo: 3 * 3_600_000,
  },
  mx3: { host: 'mx3.example.net', state: 'unreachable', daysLeft: 19, now: 77, limit: 500, pushedAgo: 26 * day },
  'edge-fra-1': {
    host: '192.0.2.40',
    state: 'changed-there',
    daysLeft: 12,
    now: 1204,
    limit: 2000,
    pushedAgo: 6 * day,
  },
  'edge-fra-2': {
    host: '192.0.2.41',
    state: 'pending-confirmation',
    daysLeft: 88,
    now: 961,
    limit: 2000,
    pushedAgo: 60_000,
  },
  'edge-ams-1': { host: '2001:db8:40::25', state: 'conflict', now: 3, pushedAgo: 12 * day },
  lab: { host: 'lab.example.org', state: 'unknown' },
  old: { host: 'old.example.org', state: 'unreachable', daysLeft: -3, now: 0, pushedAgo: 400 * day },
};

function status(name: string, trait: Traits): StatusReply {
  const limit = trait.limit ?? null;
  const config = structuredClone(defaultConfig);
  config.connections.interface.maxConnections = limit;
  return {
    daemonAnswers: true,
    queue: null,
    currentRevision: fakeRevision(name),
    runningRevision: trait.state === 'changed-there' ? fakeRevision(`${name} there`) : fakeRevision(name),
    config,
    listeners: [
      { address: '0.0.0.0', port: 25 },
      { address: '::', port: 25 },
    ],
    notices: name === 'edge-ams-1' ? ['This host has no IPv6: only IPv4 is served.'] : [],
    connections: { now: Math.round((trait.now ?? 0) * (0.9 + Math.random() * 0.2)), limit, peak: (trait.now ?? 0) * 2 },
    accepted: 81_422,
    refused: { 'deny-list': 1_204, 'connection-limit': 12 },
    messages: { relayed: 64_310, refused: 7_115 },
    peerPolicies: { refused: 2, reported: 14 },
    certificate: trait.daysLeft === undefined ? null : fakeCertificate(trait.host, trait.daysLeft),
    pending:
      trait.state === 'pending-confirmation'
        ? {
            pushId: crypto.randomUUID(),
            author: 'j.novak',
            at: new Date().toISOString(),
            revision: fakeRevision(`${name} next`),
            secondsLeft: 41,
          }
        : null,
    push: null,
    startedAt: new Date(Date.now() - 9 * day).toISOString(),
  };
}

function fakeSight(name: string, trait: Traits): GatewaySight {
  if (trait.state === 'unknown') return { state: 'unknown', seenAt: null, status: null, problem: null };
  const isDown = trait.state === 'unreachable';
  const downProblem =
    name === 'old'
      ? {
          code: 'host-key-changed' as const,
          message:
            'old.example.org shows another host key than the one that is pinned. Postern stopped before it signed in.',
          hint: 'Compare both fingerprints with the gateway itself.',
        }
      : {
          code: 'unreachable' as const,
          message: 'mx3.example.net port 22 does not answer (timed out after 10 seconds).',
          hint: 'Is the gateway on, and does the network let SSH through?',
        };
  return {
    state: trait.state,
    seenAt: new Date(Date.now() - (isDown ? 47 * 60_000 : 2_000)).toISOString(),
    status: status(name, trait),
    problem: isDown ? downProblem : null,
  };
}

/** One row of the table. */
export function fakeRow(name: string): FleetRow {
  const trait = traits[name] ?? { host: `${name}.example.net`, state: 'in-sync', now: 3 };
  return {
    name,
    ssh: {
      host: trait.host,
      port: 22,
      user: 'postern-deploy',
      signIn: name === 'mx3' ? { kind: 'password' } : { kind: 'agent' },
      credential: null,
      jumps: [],
      readsSshConfig: false,
    },
    hostKeys: [fakeHostKey(trait.host)],
    isLocal: name === 'local',
    group: name.startsWith('edge') ? 'edge' : name.startsWith('mx') ? 'core' : null,
    tags: name === 'mx1' ? ['canary'] : [],
    trend:
      trait.now === undefined
        ? []
        : Array.from({ length: 20 }, (_, i) => Math.round((trait.now ?? 0) * (0.7 + 0.3 * Math.sin(i / 3)))),
    lastPush:
      trait.pushedAgo === undefined
        ? null
        : {
            revision: fakeRevision(name),
            at: new Date(Date.now() - trait.pushedAgo).toISOString(),
            by: 'm.lindqvist',
            pushId: crypto.randomUUID(),
          },
    lastAttempt: fakeAttempt(name, trait),
    hasUnpushedChanges: trait.state === 'changed-here' || trait.state === 'conflict',
    sight: fakeSight(name, trait),
    unreadable: null,
  };
}

function fakeAttempt(name: string, { state, pushedAgo }: Traits): FleetRow['lastAttempt'] {
  if (pushedAgo === undefined) return null;
  if (state === 'unreachable' || state === 'conflict') {
    const outcome = state === 'conflict' ? 'conflict' : 'unreachable';
    const words = state === 'conflict' ? 'It runs another revision.' : 'Port 22 does not answer.';
    return { at: new Date(Date.now() - pushedAgo / 9).toISOString(), by: 'ci', outcome, words };
  }
  const words = `r ${fakeRevision(name).slice(0, 12)} confirmed.`;
  return { at: new Date(Date.now() - pushedAgo).toISOString(), by: 'm.lindqvist', outcome: 'applied', words };
}

/** A file that nobody can read as a gateway. */
export const brokenRow: FleetRow = {
  name: 'edge-par-1',
  ssh: null,
  hostKeys: [],
  isLocal: false,
  group: null,
  tags: [],
  trend: [],
  lastPush: null,
  lastAttempt: null,
  hasUnpushedChanges: false,
  sight: { state: 'unknown', seenAt: null, status: null, problem: null },
  unreadable: 'gateways/edge-par-1.yaml, line 14: “prot” is not a known setting (port?).',
};

/** The groups of the full fleet. */
export const fakeGroups: GroupRow[] = ['core', 'edge'].map((name) => ({
  name,
  parent: null,
  gateways: 0,
  overrides: 2,
  unreadable: null,
}));

/** The names of the full fleet. */
export const fakeNames = Object.keys(traits);

const files: Record<string, FileFacts> = {
  [fakeRevision('certificate file')]: {
    sha256: fakeRevision('certificate file'),
    purpose: 'certificate',
    certificate: fakeCertificate('mx1.example.net', 212),
    spkiSha256: fakeRevision('spki'),
  },
  [fakeRevision('key file')]: {
    sha256: fakeRevision('key file'),
    purpose: 'privateKey',
    key: { keyType: 'EC P-256', spkiSha256: fakeRevision('spki'), isHere: true },
  },
};

/** Thousands of entries, some with notes, some covered by others. */
export function fakeDenyText(): string {
  const lines = ['192.0.2.0/24 # documentation range', '198.51.100.7 # scanner, ticket 4411', '2001:db8:bad::/48'];
  for (let i = 0; i < 6000; i += 1)
    lines.push(`10.${(i >> 8) & 255}.${i & 255}.${(i * 7) % 254}${i % 40 === 0 ? ' # import of May' : ''}`);
  return `${lines.join('\n')}\n`;
}

function fakeRoutes(): Draft['settings']['messageDelivery']['routes'] {
  const server = (host: string, preference: number) => ({ host, port: 25, preference });
  return [
    { match: 'partner.example', to: { kind: 'mx', name: 'mx.partner.example', port: 25 }, outgoing: 'required' },
    {
      match: '*.example.net',
      to: { kind: 'static', servers: [server('10.0.0.5', 10), server('10.0.0.6', 10), server('10.0.1.5', 20)] },
      outgoing: null,
    },
    { match: 'ceo@example.net', to: { kind: 'static', servers: [server('2001:db8::5', 10)] }, outgoing: 'off' },
    ...Array.from({ length: 4000 }, (_, i) => ({
      match: `customer-${i}.example.org`,
      to: { kind: 'static' as const, servers: [server(`192.0.2.${i % 250}`, 10)] },
      outgoing: null,
    })),
  ];
}

function fakeDomains(): string[] {
  return Array.from({ length: 10_000 }, (_, i) => `${i % 9 === 0 ? '*.' : ''}customer-${i}.example.org`);
}

/** The settings of a gateway. */
export function fakeDocument(name: string): SettingsDocument {
  const settings = structuredClone(defaultSettings);
  settings.smtp.greetingName = name.startsWith('mx') ? `${name}.example.net` : null;
  settings.connections.interface.maxConnections = traits[name]?.limit ?? null;
  settings.connections.tls = {
    ...settings.connections.tls,
    offersStartTls: true,
    certificate: fakeRevision('certificate file'),
    privateKey: fakeRevision('key file'),
    outgoing: 'opportunistic',
  };
  settings.messageRule.relayDomains = ['example.net', '*.example.net', 'example.org'];
  settings.messageDelivery.nextHop = { host: 'mailstore.example.net', port: 25 };
  if (name === 'mx1') settings.messageDelivery.routes = fakeRoutes();
  if (name === 'edge-fra-1') settings.messageRule.relayDomains = fakeDomains();
  const draft: Draft = {
    settings,
    overrides: ['connections.interface.maxConnections', 'connections.control.denyList'],
    denyText: fakeDenyText(),
    permitText: '192.0.2.0/28 # office\n',
  };
  return {
    draft,
    savedVersion: 'v1',
    inherited: { settings: defaultSettings, origins: {} },
    deviations: {},
    files,
    lastPush: fakeRow(name).lastPush,
  };
}
