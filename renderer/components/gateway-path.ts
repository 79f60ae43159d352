// Addresses of a gateway's tabs, for every screen that leads there.

/** The tabs of a gateway, in their order; settings first, observation behind the gap. */
export const gatewayTabs = [
  { tab: 'smtp', label: 'SMTP', observes: false },
  { tab: 'connections', label: 'Connections', observes: false },
  { tab: 'message-rule', label: 'Message Rule', observes: false },
  { tab: 'delivery', label: 'Message Delivery', observes: false },
  { tab: 'live', label: 'Live', observes: true },
  { tab: 'queue', label: 'Queue', observes: true },
] as const;
export type GatewayTab = (typeof gatewayTabs)[number]['tab'];

/** The address of one tab of one gateway. */
export function gatewayPath(name: string, tab: GatewayTab = 'connections'): string {
  return `/gateways/${name}/${tab}`;
}
