// Providers around the window: look, data, dialogs, the review drawer, and the screens inside.
import { MantineProvider } from '@mantine/core';
import { ModalsProvider } from '@mantine/modals';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { Router } from 'wouter';
import { queryClient } from '../api/gateway-bridge.ts';
import { useGuardedLocation } from '../components/guarded-location.ts';
import { CommandPalette } from './command-palette.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { FleetEvents } from './fleet-events.tsx';
import { Frame } from './frame.tsx';
import { ReviewHost } from './review-host.tsx';
import { Screens } from './screens.tsx';
import { Shortcuts } from './shortcuts.tsx';
import { theme, toneVariables } from './theme.ts';

/** The whole window. */
export function App({ nonce }: { nonce: string }) {
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      cssVariablesResolver={toneVariables}
      getStyleNonce={() => nonce}
    >
      <ErrorBoundary>
        <QueryClientProvider client={queryClient}>
          <Router hook={useGuardedLocation}>
            <ModalsProvider>
              <ReviewHost>
                <Notifications position="bottom-right" />
                <FleetEvents />
                <CommandPalette />
                <Shortcuts />
                <Frame>
                  <ErrorBoundary>
                    <Screens />
                  </ErrorBoundary>
                </Frame>
              </ReviewHost>
            </ModalsProvider>
          </Router>
        </QueryClientProvider>
      </ErrorBoundary>
    </MantineProvider>
  );
}
