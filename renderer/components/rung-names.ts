// The five rungs of the ladder of decisions, in its order.
import type { LadderStep } from '#contract/replies';

/** What each rung is called on screen. */
export const rungNames: Record<LadderStep['rule'], string> = {
  'connection-control': 'Connection control',
  'simultaneous-connections': 'Simultaneous connections',
  'tls-requirement': 'TLS requirement',
  'message-rule': 'Message rule',
  delivery: 'Delivery',
};
