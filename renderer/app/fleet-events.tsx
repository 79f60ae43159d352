// Keeps what is on screen fresh: follows what the main process tells.
import { refreshCalls, useGatewayEvent } from '../api/gateway-bridge.ts';
import { takeSights } from '../api/fleet-sights.ts';

/** What may be another after a save, of whatever scope. */
const followers = ['fleet:list', 'groups:list', 'lists:list', 'settings:reach', 'history:log', 'backup:list'] as const;
/** A single change shows at once; a rollout changes a gateway several times a second. */
const restMilliseconds = 250;

/** Asks anew, never twice at once, and after a slow answer with a rest as long as the answer took. */
function createFollower(): () => void {
  let isBusy = false;
  let isAskedAgain = false;
  const follow = async (): Promise<void> => {
    if (isBusy) {
      isAskedAgain = true;
      return;
    }
    isBusy = true;
    const startedAt = performance.now();
    await Promise.all(followers.map((channel) => refreshCalls(channel)));
    const rest = Math.max(restMilliseconds, 2 * (performance.now() - startedAt));
    setTimeout(() => {
      isBusy = false;
      if (!isAskedAgain) return;
      isAskedAgain = false;
      void follow();
    }, rest);
  };
  return () => void follow();
}

const follow = createFollower();

/** No picture of its own. */
export function FleetEvents() {
  useGatewayEvent('fleet:changed', follow);
  useGatewayEvent('fleet:sights', ({ sights }) => takeSights(sights));
  return null;
}
