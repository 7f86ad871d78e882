import { Component, type ReactNode } from 'react';
import { PageError } from './PageError';

/** The last net: a fault outside every page still leaves words and a way to copy details. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error };
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children;
    return <PageError error={this.state.error} reset={() => this.setState({ error: null })} />;
  }
}
