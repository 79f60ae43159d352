// Transport Layer Security: the three switches and the files they need.
import { useId } from 'react';
import { Radio, Stack, Switch } from '@mantine/core';
import { OutgoingTls } from '#contract/config';
import type { FileFacts } from '#contract/fleet';
import type { GatewaySight } from '#contract/push';
import type { Draft, FilePurpose } from '#ipc';
import { SettingsField, SettingsSection } from '../../components/settings-section.tsx';
import { FileField } from './file-field.tsx';
import { judgeOffer, keyMatch, type Problems } from './judge-connections.ts';
import { Remark } from './remark.tsx';
import { ServedCertificate } from './served-certificate.tsx';

type Tls = Draft['settings']['connections']['tls'];

type Props = {
  value: Tls;
  onChange: (part: Partial<Tls>) => void;
  files: Record<string, FileFacts>;
  sight: GatewaySight | null;
  problems: Problems;
  onFileStored: (facts: FileFacts) => void;
  onProblems: (field: string, problem: string | null) => void;
};

/** The third section of the screen. */
export function TlsSection(props: Props) {
  const { value, onChange, files, sight } = props;
  return (
    <SettingsSection
      title="Transport Layer Security"
      help="Encryption with other mail servers, and the files it needs."
    >
      <IncomingSwitches {...props} />
      <File
        {...props}
        purpose="caCertificate"
        label="CA certificate"
        help="Optional. Only needed if it came together with the public key; it is sent along after the certificate. Clients are not verified with it."
      />
      <File
        {...props}
        purpose="privateKey"
        label="Private key"
        help="Needed for incoming TLS. PEM: PKCS#8, PKCS#1 or SEC1; an encrypted key asks for its passphrase once."
      />
      <File
        {...props}
        purpose="certificate"
        label="SMTP server certificate"
        help="Needed for incoming TLS. PEM; may hold the whole chain, the server's certificate first."
      >
        {keyMatch(value, files) === 'match' && (
          <Remark tone="good">The private key and the certificate belong together.</Remark>
        )}
        {keyMatch(value, files) === 'mismatch' && (
          <Remark tone="bad" role="alert">
            This certificate and the private key above do not belong together.
          </Remark>
        )}
        <ServedCertificate
          sight={sight}
          chosen={value.certificate === null ? null : (files[value.certificate] ?? null)}
        />
      </File>
      <OutgoingField value={value.outgoing} onChange={(outgoing) => onChange({ outgoing })} />
      {(value.outgoing === 'required' || value.outgoingCa !== null) && (
        <File
          {...props}
          purpose="outgoingCa"
          label="Own CA for outgoing TLS"
          help="Optional. Trusted in addition to the gateway's own trust store, for servers with certificates of your own authority."
        />
      )}
    </SettingsSection>
  );
}

function IncomingSwitches({ value, onChange, files, problems }: Props) {
  const whyNot = judgeOffer(value, files);
  const problem = problems['connections.tls.offersStartTls'];
  const id = useId();
  return (
    <SettingsField
      label="Incoming"
      of={[
        { path: 'connections.tls.offersStartTls', title: 'Enable incoming TLS' },
        { path: 'connections.tls.requiresStartTls', title: 'Only accept SMTP connection by TLS' },
      ]}
    >
      <Stack gap={8} pt={8}>
        <Switch
          label="Enable incoming TLS"
          description="Offers encryption (STARTTLS) to clients; those that do not use it may still send in clear."
          checked={value.offersStartTls}
          disabled={!value.offersStartTls && whyNot !== null}
          onChange={(event) =>
            onChange(
              event.currentTarget.checked
                ? { offersStartTls: true }
                : { offersStartTls: false, requiresStartTls: false },
            )
          }
          {...(whyNot === null ? {} : { 'aria-describedby': id })}
        />
        {problem !== undefined ? (
          <Remark tone="bad" role="alert">
            {problem}
          </Remark>
        ) : (
          whyNot !== null && (
            <div id={id}>
              <Remark tone="quiet">{whyNot}</Remark>
            </div>
          )
        )}
        <Switch
          label="Only accept SMTP connection by TLS"
          description={
            value.offersStartTls
              ? 'Takes no mail before the client has switched to encryption.'
              : 'Takes no mail without encryption. Needs the switch above.'
          }
          checked={value.requiresStartTls}
          disabled={!value.offersStartTls && !value.requiresStartTls}
          onChange={(event) => onChange({ requiresStartTls: event.currentTarget.checked })}
        />
      </Stack>
    </SettingsField>
  );
}

type FileProps = Props & { purpose: FilePurpose; label: string; help: string; children?: React.ReactNode };

function File({ value, onChange, files, onFileStored, onProblems, purpose, label, help, children }: FileProps) {
  const sha256 = value[purpose];
  return (
    <FileField
      {...{ purpose, label, help, onProblems }}
      stored={sha256 === null ? null : { sha256, facts: files[sha256] ?? null }}
      onStored={(facts) => {
        onFileStored(facts);
        onChange({ [purpose]: facts.sha256 });
      }}
      onRemove={() => onChange({ [purpose]: null })}
    >
      {children}
    </FileField>
  );
}

const outgoingWords: Record<OutgoingTls, { label: string; description: string }> = {
  off: { label: 'Off', description: 'Sends every message in clear.' },
  opportunistic: {
    label: 'Opportunistic',
    description:
      'Encrypts where the other server can; sends in clear, and records it, where it cannot or the handshake fails.',
  },
  required: {
    label: 'Required',
    description: "Never sends in clear; the other server's certificate and name must be valid, or the message waits.",
  },
};

function OutgoingField({ value, onChange }: { value: OutgoingTls; onChange: (value: OutgoingTls) => void }) {
  return (
    <SettingsField label="Enable outgoing TLS" of="connections.tls.outgoing">
      <Radio.Group
        value={value}
        onChange={(next) => onChange(OutgoingTls.parse(next))}
        aria-label="Enable outgoing TLS"
      >
        <Stack gap={8} pt={8}>
          {OutgoingTls.options.map((option) => (
            <Radio key={option} value={option} {...outgoingWords[option]} />
          ))}
        </Stack>
      </Radio.Group>
    </SettingsField>
  );
}
