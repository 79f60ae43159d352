// The way to a gateway, put together from its record, shared credentials and jump hosts, and what OpenSSH's own files
// say. Nothing is connected here.
import type { Credential, HostKey, JumpHost, SignIn, SshAddress } from '#contract/fleet';
import { done, type Outcome } from '#contract/outcome';
import type { SshHop, SshTarget } from '../ssh/connect.ts';
import type { Credentials } from '../ssh/credentials.ts';
import { planConfiguredRoute, type ConfiguredHop } from '../ssh/openssh/configured-route.ts';
import type { SshFiles } from '../ssh/openssh/load-config.ts';
import type { SignInRequest } from './sign-in.ts';

export type RouteSources = {
  loadCredential(name: string): Promise<Outcome<Credential>>;
  loadJumpHost(name: string): Promise<Outcome<JumpHost>>;
  credentialsFor(request: SignInRequest): Promise<Outcome<Credentials>>;
  sshFiles: SshFiles;
};

export type Reached = { ssh: SshAddress; hostKeys: readonly HostKey[] };

/** A hop that nobody signed in to yet. */
type UnsignedHop = Omit<SshHop, 'credentials'> & { request: SignInRequest };
type UnsignedRoute = { jumps: UnsignedHop[]; target: UnsignedHop };

/** The whole way with everything that signs in on it. */
export async function findRoute(name: string, reached: Reached, sources: RouteSources): Promise<Outcome<SshTarget>> {
  const route = await planRoute(name, reached, sources);
  if (!route.ok) return route;
  const jumps = await findJumps(route.value.jumps, sources);
  if (!jumps.ok) return jumps;
  const target = await signHop(route.value.target, sources);
  return target.ok ? done({ ...target.value, jumps: jumps.value }) : target;
}

/** The jump hosts on the way, signed in, and where the server is: for a look at a key that nobody knows yet. */
export async function findWay(
  name: string,
  ssh: SshAddress,
  sources: RouteSources,
): Promise<Outcome<{ jumps: SshHop[]; host: string; port: number; revoked: readonly HostKey[] }>> {
  const route = await planRoute(name, { ssh, hostKeys: [] }, sources);
  if (!route.ok) return route;
  const { address, revoked = [] } = route.value.target;
  const jumps = await findJumps(route.value.jumps, sources);
  return jumps.ok ? done({ jumps: jumps.value, host: address.host, port: address.port, revoked }) : jumps;
}

async function findJumps(unsigned: readonly UnsignedHop[], sources: RouteSources): Promise<Outcome<SshHop[]>> {
  const jumps: SshHop[] = [];
  for (const jump of unsigned) {
    const signed = await signHop(jump, sources);
    if (!signed.ok) return signed;
    jumps.push(signed.value);
  }
  return done(jumps);
}

async function signHop({ request, ...hop }: UnsignedHop, sources: RouteSources): Promise<Outcome<SshHop>> {
  const credentials = await sources.credentialsFor(request);
  return credentials.ok ? done({ ...hop, credentials: credentials.value }) : credentials;
}

async function planRoute(
  name: string,
  { ssh, hostKeys }: Reached,
  sources: RouteSources,
): Promise<Outcome<UnsignedRoute>> {
  const shared = await loadShared(ssh.credential, sources);
  if (!shared.ok) return shared;
  const own: OwnSignIn = {
    user: shared.value?.user ?? ssh.user,
    signIn: shared.value?.signIn ?? ssh.signIn,
    secretName: ssh.credential === null ? name : `credential:${ssh.credential}`,
  };
  const jumps = await planJumps(ssh.jumps, sources);
  if (!jumps.ok) return jumps;
  const request = (over: Partial<SignInRequest>): SignInRequest => ({ who: name, ...own, isGateway: true, ...over });
  if (!ssh.readsSshConfig) {
    const address = { host: ssh.host, port: ssh.port, user: own.user };
    return done({ jumps: jumps.value, target: { name, address, hostKeys, request: request({}) } });
  }
  const route = await planConfiguredRoute(sources.sshFiles, ssh.host, own.user);
  if (!route.ok) return route;
  const { target } = route.value;
  const user = shared.value === null ? (target.user ?? own.user) : own.user;
  const signIn = followsConfig(ssh) ? { kind: 'configured' as const, configured: target.signIn } : own.signIn;
  return done({
    // What is entered here for this gateway beats the file.
    jumps: ssh.jumps.length > 0 ? jumps.value : route.value.jumps.map((jump) => configuredJump(jump, user)),
    target: { ...configuredHop(target, user), name, ...pinnedOr(hostKeys, target), request: request({ user, signIn }) },
  });
}

type OwnSignIn = Pick<SignInRequest, 'user' | 'secretName'> & { signIn: SignIn };

/** ssh-agent is what a record says when nobody chose: then the keys that the file names count. */
function followsConfig({ credential, signIn }: SshAddress): boolean {
  return credential === null && signIn.kind === 'agent';
}

/** A key pinned here is the one that somebody compared. */
function pinnedOr(pinned: readonly HostKey[], { hostKeys }: ConfiguredHop): { hostKeys: readonly HostKey[] } {
  return { hostKeys: pinned.length > 0 ? pinned : hostKeys };
}

function configuredHop(hop: ConfiguredHop, user: string): Omit<UnsignedHop, 'request'> {
  return {
    name: hop.name,
    address: { host: hop.host, port: hop.port, user },
    hostKeys: hop.hostKeys,
    revoked: hop.revoked,
    connectMilliseconds: hop.connectSeconds === null ? undefined : hop.connectSeconds * 1000,
  };
}

function configuredJump(hop: ConfiguredHop, fallbackUser: string): UnsignedHop {
  const user = hop.user ?? fallbackUser;
  const signIn = { kind: 'configured' as const, configured: hop.signIn };
  const request = { who: `jump host ${hop.name}`, user, signIn, secretName: null, isGateway: false };
  return { ...configuredHop(hop, user), request };
}

async function planJumps(names: readonly string[], sources: RouteSources): Promise<Outcome<UnsignedHop[]>> {
  const jumps: UnsignedHop[] = [];
  for (const name of names) {
    const jump = await sources.loadJumpHost(name);
    if (!jump.ok) return jump;
    const { host, port, hostKeys, credential } = jump.value;
    const shared = await loadShared(credential, sources);
    if (!shared.ok) return shared;
    const { user, signIn } = shared.value ?? jump.value;
    const secretName = credential === null ? `jump-host:${name}` : `credential:${credential}`;
    const request = { who: `jump host ${name}`, user, signIn, secretName, isGateway: false };
    jumps.push({ name, address: { host, port, user }, hostKeys, request });
  }
  return done(jumps);
}

async function loadShared(name: string | null, sources: RouteSources): Promise<Outcome<Credential | null>> {
  return name === null ? done(null) : sources.loadCredential(name);
}
