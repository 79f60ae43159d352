// SMTP Routing > Message Delivery: where mail goes that no route claims, the routes, and how long it is tried.
import { useEffect, useRef } from 'react';
import type { DeliveryRoute, MessageDeliveryConfig } from '#contract/config';
import { withSettings, type SettingsEditor } from '../../components/settings-editor.ts';
import { showUndoNotice } from '../../components/undo-notice.tsx';
import { AttemptsSection } from './attempts-section.tsx';
import { EverythingElse } from './everything-else.tsx';
import { RoutesSection } from './routes-section.tsx';

/** The tab. */
export function DeliveryTab({ scope, draft, change, problems }: SettingsEditor) {
  const delivery = draft.settings.messageDelivery;
  const set = (part: Partial<MessageDeliveryConfig>): void =>
    change(withSettings(draft, { messageDelivery: { ...delivery, ...part } }));
  const restore = useRestore(delivery, set);
  return (
    <>
      <EverythingElse
        scope={scope}
        nextHop={delivery.nextHop}
        outgoing={draft.settings.connections.tls.outgoing}
        problems={problems}
        onChange={(nextHop) => set({ nextHop })}
      />
      <RoutesSection
        scope={scope}
        routes={delivery.routes}
        nextHop={delivery.nextHop}
        problem={problems['messageDelivery.routes']}
        onChange={set}
        onRemoved={(words, route) => showUndoNotice(words, () => restore(route))}
      />
      <AttemptsSection delivery={delivery} problems={problems} onChange={set} />
    </>
  );
}

/** The notice outlives the draft that it was made for: what was edited since stays. */
function useRestore(delivery: MessageDeliveryConfig, set: (part: Partial<MessageDeliveryConfig>) => void) {
  const latest = useRef({ delivery, set });
  useEffect(() => {
    latest.current = { delivery, set };
  });
  return (route: DeliveryRoute): void => {
    const { routes } = latest.current.delivery;
    if (routes.some(({ match }) => match === route.match)) return;
    latest.current.set({ routes: [...routes, route] });
  };
}
