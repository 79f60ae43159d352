// The ladder's words.
import type { PushStep } from '#contract/push';

/** Each step as people read it. */
export const stepNames: Record<PushStep, string> = {
  connect: 'Sign in',
  check: 'Check on the gateway',
  store: 'Store',
  switch: 'Switch',
  'gateway-proof': 'Proof on the gateway',
  'desktop-proof': 'Proof from here',
  confirm: 'Confirm',
};
