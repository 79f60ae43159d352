// What is dragged from the fleet table or within the tree, as the drag itself carries it.

const gatewaysType = 'application/x-postern-gateways';
const groupType = 'application/x-postern-group';

/** Gateways leave the table with the drag. */
export function writeDraggedGateways(transfer: DataTransfer, names: readonly string[]): void {
  transfer.setData(gatewaysType, names.join('\n'));
  transfer.setData('text/plain', names.join('\n'));
  transfer.effectAllowed = 'move';
}

/** A group leaves its place in the tree with the drag. */
export function writeDraggedGroup(transfer: DataTransfer, name: string): void {
  transfer.setData(groupType, name);
  transfer.effectAllowed = 'move';
}

/** Whether a group can take what is over it; what it is exactly is told only when it is dropped. */
export function isDraggedHere(transfer: DataTransfer): boolean {
  return transfer.types.includes(gatewaysType) || transfer.types.includes(groupType);
}

/** What was dropped. */
export function readDragged(transfer: DataTransfer): { gateways: string[]; group: string | null } {
  const group = transfer.getData(groupType);
  return { gateways: transfer.getData(gatewaysType).split('\n').filter(Boolean), group: group === '' ? null : group };
}
