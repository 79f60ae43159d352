// One setting in words, as a review says it: its label and its value. Files are told by their kind only; what is in
// them needs more than the settings.
import { ConnectionControl, MessageDeliveryConfig, MessageRuleConfig, schemaVersion } from './config.ts';
import { interfaceFields, labelOf, modeField, smtpFields, tlsFields } from './difference-fields.ts';
import { deliveryFields, ruleFields } from './difference-mail-fields.ts';
import type { Snapshot } from './difference.ts';
import { entriesInWords } from './list-difference.ts';
import { GatewaySettings } from './settings.ts';
import type { SettingPath } from './settings-layer.ts';

const singles = new Map(
  [...smtpFields, ...interfaceFields, modeField, ...tlsFields, ...ruleFields, ...deliveryFields].map(
    (field) => [field.field, field] as const,
  ),
);

const { sharedDenyLists, sharedPermitLists } = GatewaySettings.shape.connections.unwrap().shape.control.unwrap().shape;

const listLabels: Partial<Record<SettingPath, string>> = {
  'connections.control.denyList': labelOf(ConnectionControl.shape.denyList),
  'connections.control.permitList': labelOf(ConnectionControl.shape.permitList),
  'connections.control.sharedDenyLists': labelOf(sharedDenyLists),
  'connections.control.sharedPermitLists': labelOf(sharedPermitLists),
  'messageRule.relayDomains': labelOf(MessageRuleConfig.shape.relayDomains),
  'messageRule.permittedSenders': labelOf(MessageRuleConfig.shape.permittedSenders),
  'messageDelivery.routes': labelOf(MessageDeliveryConfig.shape.routes),
};

/** The label of a field, the same word as on screen. */
export function settingLabel(path: SettingPath): string {
  return singles.get(path)?.label ?? listLabels[path] ?? path;
}

/** The value of a field: 'No limit', '2525', '3 entries'. */
export function settingInWords(settings: GatewaySettings, path: SettingPath): string {
  const { control, tls } = settings.connections;
  switch (path) {
    case 'connections.control.denyList':
      return control.denyList ?? 'None';
    case 'connections.control.permitList':
      return control.permitList ?? 'None';
    case 'connections.control.sharedDenyLists':
      return namesInWords(control.sharedDenyLists);
    case 'connections.control.sharedPermitLists':
      return namesInWords(control.sharedPermitLists);
    case 'connections.tls.certificate':
      return tls.certificate === null ? 'None' : `file ${tls.certificate.slice(0, 12)}`;
    case 'connections.tls.caCertificate':
      return tls.caCertificate === null ? 'None' : `file ${tls.caCertificate.slice(0, 12)}`;
    case 'connections.tls.outgoingCa':
      return tls.outgoingCa === null ? 'None' : `file ${tls.outgoingCa.slice(0, 12)}`;
    case 'connections.tls.privateKey':
      return tls.privateKey === null ? 'None' : 'A private key';
    case 'messageRule.relayDomains':
      return namesInWords(settings.messageRule.relayDomains);
    case 'messageRule.permittedSenders':
      return namesInWords(settings.messageRule.permittedSenders);
    case 'messageDelivery.routes':
      return entriesInWords(settings.messageDelivery.routes.length);
    default:
      return singles.get(path)?.words(withoutFiles(settings)) ?? '';
  }
}

/** As many names as a line holds; more are told by their count. */
const namesTold = 3;

function namesInWords(names: readonly string[]): string {
  if (names.length === 0) return 'None';
  return names.length <= namesTold ? names.join(', ') : entriesInWords(names.length);
}

function withoutFiles(settings: GatewaySettings): Snapshot {
  const { connections } = settings;
  const config: Snapshot['config'] = {
    schemaVersion,
    ...settings,
    connections: {
      ...connections,
      control: { mode: connections.control.mode, denyList: null, permitList: null },
      tls: { ...connections.tls, certificate: null, privateKey: null, caCertificate: null, outgoingCa: null },
    },
  };
  return { config, denyText: '', permitText: '', certificate: null, caCertificate: null };
}
