// What the gateway serves now beside what the draft holds: whether Save would change it.
import type { FileFacts } from '#contract/fleet';
import type { GatewaySight } from '#contract/push';
import { useNow } from '../../components/use-now.ts';
import { describeValidity } from './describe-validity.ts';
import { Remark } from './remark.tsx';

/** Days are counted: a minute is fine enough. */
const clockMilliseconds = 60_000;

type Props = { sight: GatewaySight | null; chosen: FileFacts | null };

/** Nothing where the gateway serves none, or nobody has seen it. */
export function ServedCertificate({ sight, chosen }: Props) {
  const now = useNow(clockMilliseconds);
  const served = sight?.status?.certificate ?? null;
  if (served === null) return null;
  if (served.fingerprint === chosen?.certificate?.fingerprint) {
    return <Remark tone="good">The gateway serves this certificate now.</Remark>;
  }
  const { words } = describeValidity(served, new Date(now));
  return (
    <Remark tone="quiet">
      The gateway serves another certificate now: {served.subject}, valid {words}.
    </Remark>
  );
}
