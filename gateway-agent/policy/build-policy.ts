// Compiles a configuration and its lists into what the decisions read. Built once for each configuration served.
import type { ControlMode, GatewayConfig, NextHop } from '#contract/config';
import { compileList, type CompiledList } from './compile-list.ts';

/** Connection control with the list of the active mode; the other list is not even compiled. */
export type ActiveControl = { mode: ControlMode; list: CompiledList };

/** From whom, and for which domains, mail is taken. */
export type RelayPolicy = {
  permitsGatewayItself: boolean;
  permittedSenders: CompiledList;
  /** Names as written in the configuration, lower case; `*.example.net` stands for every name below. */
  relayDomains: ReadonlySet<string>;
};

/** When STARTTLS must come first. */
export type TlsRule = { offersStartTls: boolean; requiresStartTls: boolean };

/** Everything a decision about a client needs, and nothing else of the configuration. */
export type Policy = {
  control: ActiveControl;
  maxConnections: number | null;
  tls: TlsRule;
  relay: RelayPolicy;
  nextHop: NextHop | null;
};

/** Lists are given as text, '' where none is named. Lines that are no entry are left in `refused` of the lists. */
export function buildPolicy(config: GatewayConfig, files: { denyText: string; permitText: string }): Policy {
  const { interface: smtpInterface, control, tls } = config.connections;
  const { permitsGatewayItself, permittedSenders, relayDomains } = config.messageRule;
  return {
    control: {
      mode: control.mode,
      list: compileList(control.mode === 'accept-except' ? files.denyText : files.permitText),
    },
    maxConnections: smtpInterface.maxConnections,
    tls: { offersStartTls: tls.offersStartTls, requiresStartTls: tls.requiresStartTls },
    relay: {
      permitsGatewayItself,
      permittedSenders: compileList(permittedSenders.join('\n')),
      relayDomains: new Set(relayDomains.map((domain) => domain.toLowerCase())),
    },
    nextHop: config.messageDelivery.nextHop,
  };
}
