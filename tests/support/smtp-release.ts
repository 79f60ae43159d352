// What a test wishes of a gateway, as a whole release with right hashes.
import { revisionOf, sha256Of } from '../../gateway-agent/certificates/hash.ts';
import { GatewayConfig } from '../../gateway-agent/contract/config.ts';
import { releasePaths, type FilePurpose, type ReleasePath } from '../../gateway-agent/contract/files.ts';
import type { LoadedRelease } from '../../gateway-agent/store/release-store.ts';

/** What a test wants to differ; the rest is a gateway on 127.0.0.1 that takes mail for mx.test. */
export type GatewayWish = {
  port?: number;
  idleTimeoutMinutes?: number;
  maxConnections?: number | null;
  listenOn?: GatewayConfig['connections']['interface']['listenOn'];
  mode?: 'accept-except' | 'deny-except';
  deny?: string;
  permit?: string;
  offersStartTls?: boolean;
  requiresStartTls?: boolean;
  certificate?: string;
  privateKey?: string;
  caCertificate?: string;
  outgoing?: 'off' | 'opportunistic' | 'required';
  outgoingCa?: string;
  rule?: Partial<GatewayConfig['messageRule']>;
  nextHop?: { host: string; port: number } | null;
  smtp?: Partial<GatewayConfig['smtp']>;
  delivery?: Partial<GatewayConfig['messageDelivery']>;
};

/** The release that such a wish stands for. */
export function buildRelease(wish: GatewayWish & { port: number }): LoadedRelease {
  const files = new Map<ReleasePath, Buffer>();
  const hold = (purpose: FilePurpose, content: string | undefined) => {
    if (content === undefined) return null;
    files.set(releasePaths[purpose], Buffer.from(content));
    return { path: releasePaths[purpose], sha256: sha256Of(content) };
  };
  const config = GatewayConfig.parse({
    schemaVersion: 1,
    smtp: { greetingName: 'gateway.test', ...wish.smtp },
    connections: {
      interface: {
        listenOn: wish.listenOn ?? { kind: 'selected', addresses: ['127.0.0.1'] },
        port: wish.port,
        idleTimeoutMinutes: wish.idleTimeoutMinutes ?? 5,
        maxConnections: wish.maxConnections ?? null,
      },
      control: {
        mode: wish.mode ?? 'accept-except',
        denyList: hold('denyList', wish.deny),
        permitList: hold('permitList', wish.permit),
      },
      tls: {
        offersStartTls: wish.offersStartTls ?? false,
        requiresStartTls: wish.requiresStartTls ?? false,
        certificate: hold('certificate', wish.certificate),
        privateKey: hold('privateKey', wish.privateKey),
        caCertificate: hold('caCertificate', wish.caCertificate),
        outgoing: wish.outgoing ?? 'off',
        outgoingCa: hold('outgoingCa', wish.outgoingCa),
      },
    },
    messageRule: { relayDomains: ['mx.test'], permitsGatewayItself: false, ...wish.rule },
    messageDelivery: { nextHop: wish.nextHop ?? null, ...wish.delivery },
  });
  return { revision: revisionOf(config), config, files };
}
