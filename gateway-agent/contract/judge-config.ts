// What can be said of a configuration without its files and without the gateway: contradictions, traps, open relays.
// Message Delivery is judged by judge-delivery.ts, certificates by #certificates/judge-tls; whether a port is free only
// the gateway knows.
import { buildAddressIndex } from './address-index.ts';
import { endsInNumber } from './address-text.ts';
import { formatAddress, parseAddress, parseBlock, type Block } from './addresses.ts';
import type { GatewayConfig, ListenOn } from './config.ts';
import { judgeDelivery } from './judge-delivery.ts';
import type { Finding } from './replies.ts';

/** RFC 5321 §4.5.3.2.7. */
const shortestIdleMinutes = 5;

/** From this share of its address space on, permitted senders are everybody; 2000::/3 is an eighth of IPv6. */
const openRelayShare = { 4: 1 / 2, 6: 1 / 16 } as const;

/** RFC 5321 §4.5.3.1.8. */
const fewestRecipients = 100;

/** `ownAddresses` are those of the gateway's interfaces, where it is the gateway that judges. */
export type JudgedWith = { denyEntries: number; permitEntries: number; ownAddresses?: readonly string[] };

/** Findings in the order of the screens; an error refuses the release. */
export function judgeConfig(config: GatewayConfig, facts: JudgedWith): Finding[] {
  return [
    ...judgeNames(config),
    ...judgeInterface(config),
    ...judgeControl(config, facts.permitEntries),
    ...judgeTlsSwitches(config),
    ...judgeRelay(config),
    ...judgeLimits(config),
    ...judgeDelivery(config, facts.ownAddresses ?? []),
  ];
}

function judgeNames({ smtp }: GatewayConfig): Finding[] {
  if (smtp.heloName === null || smtp.heloName.includes('.')) return [];
  return [
    {
      severity: 'warning',
      code: 'helo-name-short',
      field: 'smtp.heloName',
      message: `${smtp.heloName} is not a full host name: RFC 5321 §4.1.1.1 asks for one, and many servers insist on it.`,
      hint: 'Use the name that the address of this gateway has in DNS.',
    },
  ];
}

function judgeInterface(config: GatewayConfig): Finding[] {
  const { listenOn, port, idleTimeoutMinutes } = config.connections.interface;
  const findings: Finding[] = judgeAddresses(listenOn);
  if (port === 465) {
    findings.push({
      severity: 'error',
      code: 'implicit-tls-port',
      field: 'connections.interface.port',
      message: 'Port 465 is for implicit TLS, which this listener does not speak: it offers STARTTLS.',
      hint: 'Use port 25 or 587.',
    });
  }
  if (idleTimeoutMinutes < shortestIdleMinutes) {
    findings.push({
      severity: 'warning',
      code: 'idle-timeout-short',
      field: 'connections.interface.idleTimeoutMinutes',
      message: `Slow senders are cut after ${idleTimeoutMinutes} min; RFC 5321 asks for at least ${shortestIdleMinutes}.`,
    });
  }
  return findings;
}

function judgeAddresses(listenOn: ListenOn): Finding[] {
  if (listenOn.kind !== 'selected') return [];
  const seen = new Set<string>();
  return listenOn.addresses.flatMap((raw): Finding[] => {
    const address = parseAddress(raw);
    const text = 'reason' in address ? raw : formatAddress(address);
    const about = { severity: 'error', field: 'connections.interface.listenOn' } as const;
    if ('reason' in address) return [{ ...about, code: 'address-invalid', message: address.reason }];
    if (text === '0.0.0.0' || text === '::') {
      const hint = 'Choose All interfaces instead.';
      return [{ ...about, code: 'address-wildcard', message: `${text} is not an address of one interface.`, hint }];
    }
    if (seen.has(text)) {
      return [{ ...about, code: 'address-twice', message: `${text} is selected twice.`, hint: 'Remove one of them.' }];
    }
    seen.add(text);
    return [];
  });
}

function judgeControl(config: GatewayConfig, permitEntries: number): Finding[] {
  if (config.connections.control.mode !== 'deny-except' || permitEntries > 0) return [];
  return [
    {
      severity: 'warning',
      code: 'permit-list-empty',
      field: 'connections.control.permitList',
      message: '"Deny all" with an empty list would refuse every client.',
      hint: 'Add the clients that may connect, or choose "Accept all".',
    },
  ];
}

function judgeTlsSwitches(config: GatewayConfig): Finding[] {
  const tls = config.connections.tls;
  const findings: Finding[] = [];
  const refuse = (code: string, field: string, advice: { message: string; hint: string }): void => {
    findings.push({ severity: 'error', code, field: `connections.tls.${field}`, ...advice });
  };
  if (tls.offersStartTls && tls.privateKey === null) {
    refuse('tls-without-key', 'privateKey', {
      message: 'Incoming TLS needs a private key.',
      hint: 'Upload the private key.',
    });
  }
  if (tls.offersStartTls && tls.certificate === null) {
    refuse('tls-without-certificate', 'certificate', {
      message: 'Incoming TLS needs a server certificate.',
      hint: 'Upload the SMTP server certificate.',
    });
  }
  if (tls.requiresStartTls && !tls.offersStartTls) {
    refuse('tls-required-not-offered', 'requiresStartTls', {
      message: 'TLS cannot be required while it is not offered: every client would be refused.',
      hint: 'Enable incoming TLS as well.',
    });
  }
  const isSomeRouteVerified = config.messageDelivery.routes.some(({ outgoing }) => outgoing === 'required');
  if (tls.outgoingCa !== null && tls.outgoing !== 'required' && !isSomeRouteVerified) {
    findings.push({
      severity: 'notice',
      code: 'outgoing-ca-unused',
      field: 'connections.tls.outgoingCa',
      message: 'The own CA is only used when outgoing TLS is required; otherwise no peer is verified.',
    });
  }
  return findings;
}

function judgeRelay(config: GatewayConfig): Finding[] {
  const { relayDomains, permittedSenders, permitsGatewayItself, permitsNetwork } = config.messageRule;
  const findings: Finding[] = relayDomains.filter(isWholeTopLevel).map((domain) => ({
    severity: 'warning',
    code: 'relay-domain-wide',
    field: 'messageRule.relayDomains',
    message: `${domain} takes mail for every name below a top-level domain.`,
    hint: 'Name the domains that this gateway serves.',
  }));
  findings.push(...warnOfAddresses(relayDomains.filter(endsInNumber)));
  const blocks: Block[] = [];
  for (const raw of permittedSenders) {
    const read = parseBlock(raw);
    if ('block' in read) blocks.push(read.block);
    else findings.push(refusedSender(raw, read.reason));
  }
  findings.push(...judgeOpenRelay(blocks), ...judgeNetwork(permitsNetwork));
  if (relayDomains.length === 0 && permittedSenders.length === 0 && permitsNetwork === 'none') {
    const only = permitsGatewayItself ? 'only the gateway itself may send' : 'nobody may send';
    findings.push({
      severity: 'notice',
      code: 'nothing-relayed',
      field: 'messageRule.relayDomains',
      message: `No relay domain is named and ${only}: every other recipient is refused with 550 5.7.1.`,
      hint: 'Name the domains that this gateway takes mail for.',
    });
  }
  return findings;
}

/** One finding for all: whoever imports the wrong file has thousands of them. */
function warnOfAddresses([first, ...others]: readonly string[]): Finding[] {
  if (first === undefined) return [];
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return [
    {
      severity: 'warning',
      code: 'relay-domain-address',
      field: 'messageRule.relayDomains',
      message: `The relay domain ${first}${more} is an address: no recipient has it behind the @.`,
      hint: 'Name domains here, and addresses under permitted senders.',
    },
  ];
}

function judgeNetwork(permitsNetwork: GatewayConfig['messageRule']['permitsNetwork']): Finding[] {
  if (permitsNetwork === 'none') return [];
  const messages = {
    subnet:
      "Every host in the subnets of the gateway's interfaces may send anywhere: on a shared network that is wide.",
    class:
      "Every host in the class A, B or C network of the gateway's addresses may send anywhere: that is wide, and most of it may belong to others.",
  };
  return [
    {
      severity: 'warning',
      code: 'permitted-network-wide',
      field: 'messageRule.permitsNetwork',
      message: messages[permitsNetwork],
      hint: 'List the addresses that may send under Permitted senders instead.',
    },
  ];
}

function judgeLimits({ messageRule }: GatewayConfig): Finding[] {
  const { maxRecipients, maxMegabytesPerConnection, maxMessageMegabytes } = messageRule;
  const findings: Finding[] = [];
  if (maxRecipients < fewestRecipients) {
    findings.push({
      severity: 'warning',
      code: 'recipients-few',
      field: 'messageRule.maxRecipients',
      message: `RFC 5321 asks for at least ${fewestRecipients} recipients per message; further ones get 452 and come later.`,
    });
  }
  if (maxMegabytesPerConnection !== null && maxMegabytesPerConnection < maxMessageMegabytes) {
    findings.push({
      severity: 'notice',
      code: 'data-limit-below-message',
      field: 'messageRule.maxMegabytesPerConnection',
      message: 'One message may be larger than the data of a connection: it is still taken whole when it comes first.',
    });
  }
  return findings;
}

function refusedSender(raw: string, reason: string): Finding {
  return {
    severity: 'error',
    code: 'permitted-sender-invalid',
    field: 'messageRule.permittedSenders',
    message: `Permitted sender '${raw}': ${reason}`,
  };
}

function isWholeTopLevel(domain: string): boolean {
  return /^\*\.[^.]+$/.test(domain);
}

/** Counts what the blocks share out, each address once. Refused even behind a permit list: that one may change alone. */
function judgeOpenRelay(blocks: Block[]): Finding[] {
  const coveredPositions = new Set(
    buildAddressIndex(blocks)
      .covered()
      .map(({ position }) => position),
  );
  const share = { 4: 0, 6: 0 };
  blocks.forEach((block, position) => {
    if (!coveredPositions.has(position)) share[block.address.version] += 2 ** -block.prefix;
  });
  return ([4, 6] as const)
    .filter((version) => share[version] >= openRelayShare[version])
    .map((version) => ({
      severity: 'error',
      code: 'open-relay',
      field: 'messageRule.permittedSenders',
      message: `The permitted senders hold most of IPv${version}: anybody could send anywhere (an open relay).`,
      hint: 'Permit only your own networks.',
    }));
}
