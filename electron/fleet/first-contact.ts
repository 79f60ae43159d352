// What is asked of a server before it is one of the fleet: its host key, and one sign-in. Jump hosts on the way are
// verified and signed in to as ever.
import type { HostKey, SshAddress } from '#contract/fleet';
import { done, type Outcome } from '#contract/outcome';
import type { HelloReply } from '#contract/replies';
import type { ConnectionPool } from '../ssh/connection-pool.ts';
import { refuseRevoked } from '../ssh/explain-failure.ts';
import { findKnownKeys, ownKnownHosts } from '../ssh/openssh/known-hosts.ts';
import { scanHostKey } from '../ssh/scan-host-key.ts';
import { findRoute, findWay, type RouteSources } from './find-route.ts';
import { greetGateway } from './greet-gateway.ts';
import { loadSignIn } from './sign-in.ts';

export type SignInTrial = { name: string; ssh: SshAddress; hostKeys: HostKey[]; secret?: string | undefined };

export type FirstContact = {
  /** Reads the key and closes before any sign-in there. A key that known_hosts marks as revoked is refused. */
  scan(ssh: SshAddress, signal?: AbortSignal): Promise<Outcome<HostKey>>;
  /** Signs in with what the operator typed; nothing is kept. */
  trySignIn(trial: SignInTrial): Promise<Outcome<HelloReply>>;
};

/** Over the pool's jump hosts. */
export function createFirstContact(sources: RouteSources, pool: ConnectionPool): FirstContact {
  return {
    async scan(ssh, signal) {
      const way = await findWay(ssh.host, ssh, sources);
      if (!way.ok) return way;
      const { host, port, jumps } = way.value;
      const jump = jumps.length === 0 ? done(null) : await pool.acquireJump(jumps, { signal });
      if (!jump.ok) return jump;
      const shown = await scanHostKey(host, port, { signal, jump: jump.value });
      if (!shown.ok) return shown;
      const known = await findKnownKeys(ownKnownHosts(sources.sshFiles), { host, port, alias: null });
      const revoked = [...known.revoked, ...way.value.revoked];
      return revoked.some(({ key }) => key === shown.value.key) ? refuseRevoked(ssh.host, shown.value) : shown;
    },
    async trySignIn({ name, ssh, hostKeys, secret }) {
      const target = await findRoute(
        name,
        { ssh, hostKeys },
        {
          ...sources,
          credentialsFor: (request) =>
            request.isGateway && secret !== undefined && ssh.credential === null
              ? loadSignIn(request, secret)
              : sources.credentialsFor(request),
        },
      );
      return target.ok ? greetGateway(target.value) : target;
    },
  };
}
