// Routes from a file that the user chooses: one row a line, or XML of the classic Windows edition.
import { useState } from 'react';
import type { MessageDeliveryConfig } from '#contract/config';
import { callGateway } from '../../api/gateway-bridge.ts';
import { reportOutcome } from '../../components/report-outcome.ts';
import { mergeRoutes, previewRoutes, readRouteFile, type ReadRouteFile } from './import-routes.ts';

type Part = Pick<MessageDeliveryConfig, 'routes' | 'nextHop'>;

/** The dialog's state and its two ends. */
export function useRouteImport({ routes, nextHop }: Part, onChange: (part: Part) => void) {
  const [read, setRead] = useState<ReadRouteFile | null>(null);
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
    preview: read === null ? null : previewRoutes(read, routes),
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
