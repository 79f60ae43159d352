// What can be said of a configuration without its files and without the gateway: contradictions, traps, open relays.
// Certificates are judged by #certificates/judge-tls; whether a port is free only the gateway knows.
import { buildAddressIndex } from './address-index.ts';
import { formatAddress, parseAddress, parseBlock, type Block } from './addresses.ts';
import type { GatewayConfig, ListenOn } from './config.ts';
import type { Finding } from './replies.ts';

/** RFC 5321 §4.5.3.2.7. */
const shortestIdleMinutes = 5;

/** From this share of its address space on, permitted senders are everybody; 2000::/3 is an eighth of IPv6. */
const openRelayShare = { 4: 1 / 2, 6: 1 / 16 } as const;

/** Findings in the order of the screens; an error refuses the release. */
export function judgeConfig(config: GatewayConfig, lists: { denyEntries: number; permitEntries: number }): Finding[] {
  return [
    ...judgeInterface(config),
    ...judgeControl(config, lists.permitEntries),
    ...judgeTlsSwitches(config),
    ...judgeRelay(config),
    ...judgeDelivery(config),
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
  if (tls.outgoingCa !== null && tls.outgoing !== 'required') {
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
  const { relayDomains, permittedSenders, permitsGatewayItself } = config.messageRule;
  const findings: Finding[] = relayDomains.filter(isWholeTopLevel).map((domain) => ({
    severity: 'warning',
    code: 'relay-domain-wide',
    field: 'messageRule.relayDomains',
    message: `${domain} takes mail for every name below a top-level domain.`,
    hint: 'Name the domains that this gateway serves.',
  }));
  const blocks: Block[] = [];
  for (const raw of permittedSenders) {
    const read = parseBlock(raw);
    if ('block' in read) blocks.push(read.block);
    else findings.push(refusedSender(raw, read.reason));
  }
  findings.push(...judgeOpenRelay(blocks));
  if (relayDomains.length === 0 && permittedSenders.length === 0) {
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

function judgeDelivery(config: GatewayConfig): Finding[] {
  const nextHop = config.messageDelivery.nextHop;
  const about = { field: 'messageDelivery.nextHop' };
  if (nextHop === null) {
    const message = 'There is no next hop: every recipient is answered 451 until one is named.';
    return [{ ...about, severity: 'warning', code: 'no-next-hop', message, hint: 'Set it under Message Delivery.' }];
  }
  const { listenOn, port } = config.connections.interface;
  if (nextHop.port !== port || !isListenedOn(nextHop.host, listenOn)) return [];
  const message = `The next hop ${nextHop.host}, port ${nextHop.port}, is this gateway's own listener: mail would go round in circles.`;
  return [{ ...about, severity: 'error', code: 'relay-to-itself', message, hint: 'Name another server or port.' }];
}

/** As far as the configuration shows: with All interfaces only loopback is known to be the gateway itself. */
function isListenedOn(host: string, listenOn: ListenOn): boolean {
  const hosts = host.toLowerCase() === 'localhost' ? ['127.0.0.1', '::1'] : [host];
  const addresses = hosts.map(normalised);
  switch (listenOn.kind) {
    case 'loopback':
      return addresses.some((address) => address === '127.0.0.1' || address === '::1');
    case 'all':
      return addresses.some((address) => address === '::1' || address.startsWith('127.') || address === '0.0.0.0');
    case 'selected': {
      const listened = listenOn.addresses.map(normalised);
      return addresses.some((address) => listened.includes(address));
    }
  }
}

/** A name stays as it is; `127.` may start one only where it is a number. */
function normalised(host: string): string {
  const address = parseAddress(host);
  return 'reason' in address ? `name:${host}` : formatAddress(address);
}
