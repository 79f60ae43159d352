// What a file of routes holds, what it would change, and the table with it.
import { readClassicRoutes } from '#contract/classic-routes';
import type { DeliveryRoute } from '#contract/config';
import { done, type Outcome } from '#contract/outcome';
import { formatServer, parseRoutes, type ReadRoutes } from '#contract/route-text';
import { formatCount } from '../../components/format-time.ts';
import type { ImportPreview } from '../../components/import-lines-dialog.tsx';

/** A file that was read, or why it cannot be. */
export type ReadRouteFile = { fileName: string; outcome: Outcome<ReadRoutes> };

/** XML by its first sign: a table of routes never begins with it. */
export function readRouteFile(text: string): Outcome<ReadRoutes> {
  return /^\uFEFF?\s*</.test(text) ? readClassicRoutes(text) : done(parseRoutes(text));
}

/** The routes with the file's ones in their place; a match that is there already is changed to what the file says. */
export function mergeRoutes(routes: readonly DeliveryRoute[], read: readonly DeliveryRoute[]): DeliveryRoute[] {
  const byMatch = new Map(routes.map((route) => [route.match, route]));
  for (const route of read) byMatch.set(route.match, route);
  return [...byMatch.values()];
}

/** The words of the dialog. */
export function previewRoutes({ fileName, outcome }: ReadRouteFile, routes: readonly DeliveryRoute[]): ImportPreview {
  if (!outcome.ok) {
    const { message, hint } = outcome.problem;
    const problem = hint === undefined ? { message } : { message, hint };
    return { fileName, words: '', refused: [], problem, addWords: null, replaceWords: null };
  }
  const { routes: found, nextHop, refused, notices } = outcome.value;
  const rest =
    nextHop === undefined
      ? ''
      : ` Everything else goes ${nextHop === null ? 'by MX record' : `to ${formatServer(nextHop)}`}.`;
  const notes = notices.map(({ line, text }) => ` Line ${line}: ${text}`).join('');
  const hasSome = found.length > 0 || nextHop !== undefined;
  return {
    fileName,
    words: `${countWords(found, routes)}${rest}${notes}`,
    refused,
    addWords: hasSome ? `Take ${routesWords(found.length)}` : null,
    replaceWords: hasSome && routes.length > 0 ? `Replace all by ${routesWords(found.length)}` : null,
  };
}

/** How many are new, and how many take the place of another. */
function countWords(found: readonly DeliveryRoute[], routes: readonly DeliveryRoute[]): string {
  if (found.length === 0) return 'The file holds no route.';
  const known = new Set(routes.map(({ match }) => match));
  const changed = found.filter(({ match }) => known.has(match)).length;
  if (changed === 0) return `${routesWords(found.length)}, all of them new.`;
  const words = `${routesWords(found.length)}: ${formatCount(found.length - changed)} new`;
  return `${words}, ${formatCount(changed)} for recipients that have one already, which the file's replace.`;
}

/** '1 route', '2,340 routes'. */
export function routesWords(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'route' : 'routes'}`;
}
