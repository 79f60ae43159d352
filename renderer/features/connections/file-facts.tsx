// What an uploaded file is, for people: whose certificate, until when, which key, and the fingerprint to compare.
import type { ReactNode } from 'react';
import type { FileFacts } from '#contract/fleet';
import { Mono } from '../../components/mono.tsx';
import { useNow } from '../../components/use-now.ts';
import { describeValidity } from './describe-validity.ts';
import classes from './file-facts.module.css';
import { Remark } from './remark.tsx';

/** Days are counted: a minute is fine enough. */
const clockMilliseconds = 60_000;

type Props = { sha256: string; facts: FileFacts | null };

/** Facts of one stored file; `null`: nothing is known of it here. */
export function FileFactsList({ sha256, facts }: Props) {
  if (facts === null) {
    return (
      <Remark tone="warning">
        Stored as {sha256.slice(0, 12)}, but this computer has no facts about it. The gateway keeps the file it has.
      </Remark>
    );
  }
  if (facts.certificate !== undefined) return <CertificateFactsList certificate={facts.certificate} />;
  if (facts.key === undefined) return null;
  return (
    <dl className={classes['facts']}>
      <Fact name="Key">
        {facts.key.keyType}
        {!facts.key.isHere && '; not on this computer: the gateway keeps the key it has'}
      </Fact>
      <Fact name="Public half">
        <Mono name="SHA-256 of the public key" copies={facts.key.spkiSha256}>
          {`SHA-256 ${facts.key.spkiSha256.slice(0, 16)}…`}
        </Mono>
      </Fact>
    </dl>
  );
}

function CertificateFactsList({ certificate }: { certificate: NonNullable<FileFacts['certificate']> }) {
  const validity = describeValidity(certificate, new Date(useNow(clockMilliseconds)));
  return (
    <>
      <dl className={classes['facts']}>
        <Fact name="Subject">{certificate.subject}</Fact>
        <Fact name="Names">{certificate.names.length === 0 ? 'none' : certificate.names.join(', ')}</Fact>
        <Fact name="Issuer">
          {certificate.issuer}
          {certificate.chainLength > 1 && ` (chain of ${certificate.chainLength})`}
        </Fact>
        <Fact name="Valid">{validity.words}</Fact>
        <Fact name="Key">{certificate.keyType}</Fact>
        <Fact name="SHA-256">
          <Mono name="fingerprint">{certificate.fingerprint}</Mono>
        </Fact>
      </dl>
      {validity.remark !== null && <Remark tone={validity.tone}>{validity.remark}</Remark>}
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
