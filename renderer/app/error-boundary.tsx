// A bug in one screen stays in that screen: says so, and offers to draw it again.
import { Component, type ReactNode } from 'react';
import { Alert, Button, Code, Group, Text } from '@mantine/core';

type State = { error: Error | null };

/** Catches what a screen throws while it is drawn. Settings on disk and on gateways are not touched by it. */
export class ErrorBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: Error): State {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <Alert color="red" title="This screen stopped because of a fault in Postern" m="lg" role="alert">
        <Text>Nothing was sent to a gateway by it, and what was saved is still there.</Text>
        <Code block mt="sm">
          {error.message}
        </Code>
        <Group mt="sm">
          <Button onClick={() => this.setState({ error: null })}>Draw it again</Button>
          <Button variant="default" onClick={() => window.location.reload()}>
            Load the window again
          </Button>
        </Group>
      </Alert>
    );
  }
}
