// SMTP Interface: where the listener listens, how long it waits, how many it takes.
import { useState } from 'react';
import { Radio, TagsInput } from '@mantine/core';
import type { SmtpInterface } from '#contract/config';
import { formatAddress, parseAddress } from '#contract/addresses';
import type { GatewaySight } from '#contract/push';
import { SettingsField, SettingsSection } from '../../components/settings-section.tsx';
import classes from './connections.module.css';
import { fieldLabels, type Problems } from './judge-connections.ts';
import { NumberField } from './number-field.tsx';
import { Remark } from './remark.tsx';

type Props = {
  value: SmtpInterface;
  onChange: (value: SmtpInterface) => void;
  addresses: string[] | null;
  sight: GatewaySight | null;
  problems: Problems;
};

/** The first section of the screen. */
export function InterfaceSection({ value, onChange, addresses, sight, problems }: Props) {
  const problem = (field: string): string | undefined => problems[`connections.interface.${field}`];
  return (
    <SettingsSection title="SMTP Interface" help="Where this gateway listens for mail, and how much it takes at once.">
      <div className={classes['tight']}>
        <ListenOnField {...{ value, onChange, addresses }} problem={problem('listenOn')} />
        <SettingsField
          label={fieldLabels.port}
          htmlFor="smtp-port"
          problem={problem('port')}
          of="connections.interface.port"
        >
          <div className={classes['inline']}>
            <NumberField
              id="smtp-port"
              value={value.port}
              onChange={(port) => onChange({ ...value, port })}
              min={1}
              max={65535}
              hasProblem={problem('port') !== undefined}
            />
          </div>
        </SettingsField>
        <SettingsField
          label={fieldLabels.idleTimeoutMinutes}
          htmlFor="smtp-idle"
          problem={problem('idleTimeoutMinutes')}
          of="connections.interface.idleTimeoutMinutes"
        >
          <div className={classes['inline']}>
            <NumberField
              id="smtp-idle"
              value={value.idleTimeoutMinutes}
              onChange={(idleTimeoutMinutes) => onChange({ ...value, idleTimeoutMinutes })}
              min={1}
              max={1440}
              hasProblem={problem('idleTimeoutMinutes') !== undefined}
            />
            <span>minutes of inactivity</span>
            {value.idleTimeoutMinutes >= 1 && value.idleTimeoutMinutes < 5 && (
              <Remark tone="warning" role="status">
                Under 5 minutes, slow but honest servers are cut off (RFC 5321 asks for 5).
              </Remark>
            )}
          </div>
        </SettingsField>
        <LimitField value={value} onChange={onChange} sight={sight} problem={problem('maxConnections')} />
      </div>
    </SettingsSection>
  );
}

type ListenOnProps = Pick<Props, 'value' | 'onChange' | 'addresses'> & { problem: string | undefined };

function ListenOnField({ value, onChange, addresses, problem }: ListenOnProps) {
  const { listenOn } = value;
  const [remembered, setRemembered] = useState<string[]>([]);
  const select = (kind: string): void => {
    if (listenOn.kind === 'selected') setRemembered(listenOn.addresses); // choosing it again brings them back
    if (kind === 'selected') onChange({ ...value, listenOn: { kind: 'selected', addresses: remembered } });
    else onChange({ ...value, listenOn: { kind: kind === 'loopback' ? 'loopback' : 'all' } });
  };
  return (
    <SettingsField label={fieldLabels.listenOn} problem={problem} of="connections.interface.listenOn">
      <Radio.Group value={listenOn.kind} onChange={select} aria-label={fieldLabels.listenOn}>
        <div className={classes['choices']}>
          <Radio value="loopback" label="Loopback address" />
          <Radio value="all" label="All interfaces" />
          <Radio value="selected" label="Selected addresses" />
        </div>
      </Radio.Group>
      {listenOn.kind === 'selected' && (
        <SelectedAddresses
          selected={listenOn.addresses}
          onChange={(selected) => onChange({ ...value, listenOn: { kind: 'selected', addresses: selected } })}
          addresses={addresses}
          hasProblem={problem !== undefined}
        />
      )}
    </SettingsField>
  );
}

type SelectedProps = {
  selected: string[];
  onChange: (selected: string[]) => void;
  addresses: string[] | null;
  hasProblem: boolean;
};

function SelectedAddresses({ selected, onChange, addresses, hasProblem }: SelectedProps) {
  const absent = addresses === null ? [] : selected.filter((address) => !addresses.includes(address));
  return (
    <>
      <TagsInput
        aria-label="Selected addresses"
        placeholder={selected.length === 0 ? 'Pick an address of the gateway, or type one' : ''}
        data={addresses ?? []}
        value={selected}
        onChange={(values) => onChange([...new Set(values.map(normalise))])}
        splitChars={[',', ' ', ';']}
        maw={480}
        clearable
        clearButtonProps={{ 'aria-label': 'Clear selected addresses' }}
        error={hasProblem}
      />
      {addresses === null && (
        <Remark tone="quiet">
          The gateway has not told its addresses yet. Type them; it checks them when you save.
        </Remark>
      )}
      {absent.length > 0 && (
        <Remark tone="warning" role="status">
          The gateway has no {absent.join(', ')} now: it would refuse to listen there.
        </Remark>
      )}
    </>
  );
}

/** One spelling for each address; what cannot be read stays as typed and is named by the problem. */
function normalise(raw: string): string {
  const address = parseAddress(raw.trim());
  return 'reason' in address ? raw.trim() : formatAddress(address);
}

/** What the classic screen prefills beside "Allow up to". */
const usualLimit = 1000;

type LimitProps = Pick<Props, 'value' | 'onChange' | 'sight'> & { problem: string | undefined };

function LimitField({ value, onChange, sight, problem }: LimitProps) {
  const [remembered, setRemembered] = useState(value.maxConnections ?? usualLimit);
  const setLimit = (limit: number): void => {
    setRemembered(limit);
    onChange({ ...value, maxConnections: limit });
  };
  return (
    <SettingsField label={fieldLabels.maxConnections} problem={problem} of="connections.interface.maxConnections">
      <div className={classes['inline']}>
        <Radio.Group
          value={value.maxConnections === null ? 'none' : 'limit'}
          onChange={(kind) => (kind === 'none' ? onChange({ ...value, maxConnections: null }) : setLimit(remembered))}
          aria-label={fieldLabels.maxConnections}
        >
          <div className={classes['choices']}>
            <Radio value="none" label="No limit" />
            <Radio value="limit" label="Allow up to" />
          </div>
        </Radio.Group>
        <NumberField
          name="Allow up to this many connections"
          value={value.maxConnections ?? remembered}
          onChange={setLimit}
          min={1}
          max={65535}
          hasProblem={problem !== undefined}
        />
        <span>connections</span>
        <ConnectionLoad sight={sight} />
      </div>
    </SettingsField>
  );
}

function ConnectionLoad({ sight }: { sight: GatewaySight | null }) {
  const connections = sight?.status?.connections;
  if (connections === undefined) return null;
  return (
    <span className={classes['load']}>
      now {connections.now.toLocaleString('en')}, peak {connections.peak.toLocaleString('en')}
    </span>
  );
}
