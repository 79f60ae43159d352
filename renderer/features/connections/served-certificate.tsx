// What the gateway serves now beside what the draft holds: whether Save would change it.
import type { FileFacts } from '#contract/fleet';
import type { GatewaySight } from '#contract/push';
import { describeValidity } from './describe-validity.ts';
import { Remark } from './remark.tsx';

type Props = { sight: GatewaySight | null; chosen: FileFacts | null };

/** Nothing where the gateway serves none, or nobody has seen it. */
export function ServedCertificate({ sight, chosen }: Props) {
  const served = sight?.status?.certificate;
  if (served == null) return null;
  if (served.fingerprint === chosen?.certificate?.fingerprint) {
    return <Remark tone="good">The gateway serves this certificate now.</Remark>;
  }
  const { words } = describeValidity(served, new Date());
  return (
    <Remark tone="quiet">
      The gateway serves another certificate now: {served.subject}, valid {words}.
    </Remark>
  );
}
