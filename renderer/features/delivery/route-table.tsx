// The table of routes; only the rows in sight exist, whatever the number of routes.
import { useRef } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ActionIcon, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import type { DeliveryRoute } from '#contract/config';
import { describeDestination, tlsNames } from './describe-route.ts';
import classes from './delivery.module.css';

const rowHeight = 36;

type Props = {
  routes: readonly DeliveryRoute[];
  onEdit: (route: DeliveryRoute) => void;
  onRemove: (route: DeliveryRoute) => void;
};

/** Rows in the order in which they were added: the order decides nothing. */
export function RouteTable({ routes, onEdit, onRemove }: Props) {
  const scroll = useRef<HTMLDivElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- the React Compiler is not in use
  const virtual = useVirtualizer({
    count: routes.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    useFlushSync: false,
  });
  return (
    <div role="table" aria-label="Routes" aria-rowcount={routes.length + 1} className={classes['table']}>
      <div role="rowgroup">
        <div role="row" aria-rowindex={1} className={classes['headRow']}>
          {['Recipients', 'Delivered to', 'Outgoing TLS'].map((words) => (
            <div key={words} role="columnheader">
              {words}
            </div>
          ))}
          <div role="columnheader">
            <VisuallyHidden>Actions</VisuallyHidden>
          </div>
        </div>
      </div>
      {/* A part that scrolls must be reachable by keyboard (axe: scrollable-region-focusable); its buttons are. */}
      <div ref={scroll} role="rowgroup" className={classes['scroll']}>
        <div className={classes['body']} role="presentation" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const route = routes[index];
            if (route === undefined) return null;
            return (
              <div
                key={route.match}
                role="row"
                aria-rowindex={index + 2}
                className={classes['row']}
                style={{ transform: `translateY(${start}px)` }}
              >
                <div role="cell" className={classes['match']}>
                  <UnstyledButton
                    className={classes['open'] ?? ''}
                    aria-label={`Edit the route for ${route.match}`}
                    title={route.match}
                    onClick={() => onEdit(route)}
                  >
                    {route.match}
                  </UnstyledButton>
                </div>
                <div role="cell" className={classes['cell']} title={describeDestination(route.to)}>
                  {describeDestination(route.to)}
                </div>
                <div role="cell" className={classes['cell']}>
                  {tlsNames[route.outgoing ?? 'inherit']}
                </div>
                <div role="cell">
                  <ActionIcon
                    size={28}
                    variant="subtle"
                    color="gray"
                    aria-label={`Remove the route for ${route.match}`}
                    onClick={() => onRemove(route)}
                  >
                    <IconTrash size={16} />
                  </ActionIcon>
                </div>
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
