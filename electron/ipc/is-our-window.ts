// Which frames may call: the top frame of a page that this app served itself.
import type { WebFrameMain } from 'electron';

/** The app's own origin; nothing else is ever loaded. */
export const appOrigin = 'postern://app';

/** False for subframes, for navigated-away frames and for frames that are gone. */
export function isOurWindow(frame: WebFrameMain | null): boolean {
  if (frame === null || frame.parent !== null) return false;
  return (
    frame.url === `${appOrigin}/` ||
    frame.url.startsWith(`${appOrigin}/index.html`) ||
    frame.url.startsWith(`${appOrigin}/#`)
  );
}
