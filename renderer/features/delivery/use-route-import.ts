// Routes from a file that the user chooses: one row a line, or XML of the classic Windows edition.
import { useState } from 'react';
import type { DeliveryRoute, MessageDeliveryConfig } from '#contract/config';
import { readClassicRoutes } from '#contract/classic-routes';
import { done, type Outcome } from '#contract/outcome';
import { formatServer, parseRoutes, type ReadRoutes } from '#contract/route-text';
import { callGateway } from '../../api/gateway-bridge.ts';
import { formatCount } from '../../components/format-time.ts';
import type { ImportPreview } from '../../components/import-lines-dialog.tsx';
import { reportOutcome } from '../../components/report-outcome.ts';

type Read = { fileName: string; outcome: Outcome<ReadRoutes> };
type Part = Pick<MessageDeliveryConfig, 'routes' | 'nextHop'>;

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

/** The dialog's state and its two ends. */
export function useRouteImport({ routes, nextHop }: Part, onChange: (part: Part) => void) {
  const [read, setRead] = useState<Read | null>(null);
  const take = (how: 'add' | 'replace'): void => {
    if (read?.outcome.ok === true) {
      const file = read.outcome.value;
      onChange({
        routes: how === 'add' ? mergeRoutes(routes, file.routes) : file.routes,
        nextHop: file.nextHop === undefined ? nextHop : file.nextHop,
      });
    }
    setRead(null);
  };
  return {
    preview: read === null ? null : previewOf(read, routes),
    open: async (): Promise<void> => {
      const opened = await callGateway('list:open', {});
      if (!opened.ok) reportOutcome(opened);
      else if (opened.value !== null)
        setRead({ fileName: opened.value.fileName, outcome: readRouteFile(opened.value.text) });
    },
    take,
    close: () => setRead(null),
  };
}

function previewOf({ fileName, outcome }: Read, routes: readonly DeliveryRoute[]): ImportPreview {
  if (!outcome.ok) {
    const { message, hint } = outcome.problem;
    const problem = hint === undefined ? { message } : { message, hint };
    return { fileName, words: '', refused: [], problem, addWords: null, replaceWords: null };
  }
  const { routes: found, nextHop, refused, notices } = outcome.value;
  const known = new Set(routes.map(({ match }) => match));
  const changed = found.filter(({ match }) => known.has(match)).length;
  const rest =
    nextHop === undefined
      ? ''
      : ` Everything else goes ${nextHop === null ? 'by MX record' : `to ${formatServer(nextHop)}`}.`;
  const notes = notices.map(({ line, text }) => ` Line ${line}: ${text}`).join('');
  const hasSome = found.length > 0 || nextHop !== undefined;
  return {
    fileName,
    words: `${routesWords(found.length)}: ${formatCount(found.length - changed)} new, ${formatCount(changed)} for recipients that have one already, which the file's replace.${rest}${notes}`,
    refused,
    addWords: hasSome ? `Take ${routesWords(found.length)}` : null,
    replaceWords: hasSome && routes.length > 0 ? `Replace all by ${routesWords(found.length)}` : null,
  };
}

/** '1 route', '2,340 routes'. */
export function routesWords(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'route' : 'routes'}`;
}
