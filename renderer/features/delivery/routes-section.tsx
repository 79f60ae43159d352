// The delivery table: search, add, edit, remove with a way back, import and export.
import { useMemo, useState } from 'react';
import { Button, Text, TextInput } from '@mantine/core';
import { IconDownload, IconPlus, IconSearch, IconUpload } from '@tabler/icons-react';
import type { DeliveryRoute, MessageDeliveryConfig } from '#contract/config';
import { formatRoutes } from '#contract/route-text';
import { callGateway } from '../../api/gateway-bridge.ts';
import { ImportLinesDialog } from '../../components/import-lines-dialog.tsx';
import type { Scope } from '#contract/scope';
import { FieldOrigin } from '../../components/field-origin.tsx';
import { reportOutcome } from '../../components/report-outcome.ts';
import { scopeFileName } from '../../components/scope-editing.ts';
import { SettingsSection } from '../../components/settings-section.tsx';
import { describeDestination, filterRoutes, findRoute } from './describe-route.ts';
import { routesWords } from './import-routes.ts';
import { RouteDrawer, type RouteEdit } from './route-drawer.tsx';
import { RouteTable } from './route-table.tsx';
import { useRouteImport } from './use-route-import.ts';
import classes from './delivery.module.css';

type Part = Pick<MessageDeliveryConfig, 'routes' | 'nextHop'>;
type Props = Part & {
  scope: Scope;
  problem: string | undefined;
  onChange: (part: Part) => void;
  onRemoved: (words: string, route: DeliveryRoute) => void;
};

/** The section. */
export function RoutesSection({ scope, routes, nextHop, problem, onChange, onRemoved }: Props) {
  const [query, setQuery] = useState('');
  const [edit, setEdit] = useState<RouteEdit | null>(null);
  const shown = useMemo(() => filterRoutes(routes, query), [routes, query]);
  const old = edit?.route ?? null;
  const taken = useMemo(
    () => new Set(routes.flatMap(({ match }) => (match === old?.match ? [] : [match]))),
    [routes, old],
  );
  const put = (route: DeliveryRoute): void => {
    const next = old === null ? [...routes, route] : routes.map((known) => (known.match === old.match ? route : known));
    onChange({ routes: next, nextHop });
    setEdit(null);
  };
  return (
    <SettingsSection
      title="Routes"
      help="The most specific route wins: an address before its domain, a domain before *.domain, a longer *.domain before a shorter one. The order of the rows decides nothing."
      aside={<FieldOrigin label="Routes" fields={[{ path: 'messageDelivery.routes', title: 'Routes' }]} />}
    >
      <Tools
        {...{ scope, routes, nextHop, onChange, query }}
        onQuery={setQuery}
        onAdd={() => setEdit({ route: null })}
      />
      {problem !== undefined && (
        <Text role="alert" style={{ color: 'var(--mantine-color-error)' }}>
          {problem}
        </Text>
      )}
      {query.trim() !== '' && <Winner routes={routes} query={query} count={shown.length} />}
      {routes.length === 0 ? (
        <div className={classes['empty']}>
          <Text fw={600}>No routes</Text>
          <Text c="dimmed">
            All mail goes as set above. Add a route for recipients whose mail goes another way, or import a table.
          </Text>
        </div>
      ) : (
        shown.length > 0 && (
          <RouteTable
            routes={shown}
            onEdit={(route) => setEdit({ route })}
            onRemove={(route) => {
              onChange({ routes: routes.filter((known) => known.match !== route.match), nextHop });
              onRemoved(`Route for ${route.match} removed.`, route);
            }}
          />
        )
      )}
      <RouteDrawer edit={edit} taken={taken} onDone={put} onClose={() => setEdit(null)} />
    </SettingsSection>
  );
}

type ToolsProps = Part & {
  scope: Scope;
  onChange: (part: Part) => void;
  query: string;
  onQuery: (query: string) => void;
  onAdd: () => void;
};

function Tools({ scope, routes, nextHop, onChange, query, onQuery, onAdd }: ToolsProps) {
  const { preview, open, take, close } = useRouteImport({ routes, nextHop }, onChange);
  const save = async (): Promise<void> => {
    const suggestedName = `${scopeFileName(scope)}-routes.txt`;
    const saved = await callGateway('list:save', { suggestedName, text: formatRoutes(routes, nextHop) });
    if (!saved.ok || saved.value !== null)
      reportOutcome(saved, saved.ok ? `Saved ${saved.value?.fileName ?? ''}.` : '');
  };
  return (
    <div className={classes['tools']}>
      <TextInput
        className={classes['search'] ?? ''}
        aria-label="Search the routes, or ask for a recipient"
        data-search
        placeholder="Search, or: which route takes ada@example.net?"
        leftSection={<IconSearch size={16} aria-hidden />}
        spellCheck={false}
        value={query}
        onChange={(event) => onQuery(event.currentTarget.value)}
      />
      <Text c="dimmed">{routesWords(routes.length)}</Text>
      <Button variant="default" leftSection={<IconPlus size={16} />} onClick={onAdd}>
        Add
      </Button>
      <Button variant="default" leftSection={<IconDownload size={16} />} onClick={() => void open()}>
        Import
      </Button>
      <Button variant="default" leftSection={<IconUpload size={16} />} onClick={() => void save()}>
        Export
      </Button>
      <ImportLinesDialog
        preview={preview}
        onAdd={() => take('add')}
        onReplace={() => take('replace')}
        onClose={close}
      />
    </div>
  );
}

function Winner({ routes, query, count }: { routes: readonly DeliveryRoute[]; query: string; count: number }) {
  const recipient = query.trim().toLowerCase();
  const winner = recipient.includes('.') ? findRoute(routes, recipient) : null;
  return (
    <Text role="status" fz={13}>
      {recipient.includes('.') &&
        (winner === null
          ? `No route claims ${recipient}: its mail goes as set above. `
          : `${recipient} goes by the route ${winner.match}: ${describeDestination(winner.to)}. `)}
      <Text span c="dimmed" fz={13}>
        {count === 0 ? 'No route holds this text.' : winner === null && `${routesWords(count)} with this text.`}
      </Text>
    </Text>
  );
}
