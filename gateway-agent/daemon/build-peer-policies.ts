// MTA-STS and DANE put together: which resolver is asked, where policies are kept, who hears of trouble.
import { DnsClient } from '../delivery/peer-policy/dns-client.ts';
import type { Nameserver } from '../delivery/peer-policy/nameservers.ts';
import { PeerPolicies, type PeerPolicyParts } from '../delivery/peer-policy/peer-policies.ts';
import { StsPolicies } from '../delivery/peer-policy/sts-policies.ts';
import { openPolicyFile } from '../store/policy-file.ts';

type Surroundings = {
  root: string;
  minuteMilliseconds: number;
  /** Instead of the system's; `policyPort` instead of 443 is for tests. */
  nameserver?: Nameserver | undefined;
  policyPort?: number | undefined;
  notice: (words: string) => void;
  report: PeerPolicyParts['report'];
};

/** One for the life of the daemon: what was learned outlives a change of the configuration. */
export function buildPeerPolicies(around: Surroundings): PeerPolicies {
  const { root, minuteMilliseconds, nameserver, policyPort, notice, report } = around;
  const dns = new DnsClient(nameserver ?? null);
  const storage = openPolicyFile(root);
  const sts = new StsPolicies({
    dns,
    storage,
    minuteMilliseconds,
    notice,
    port: policyPort,
    now: Date.now,
  });
  return new PeerPolicies({ dns, sts, report });
}
