// The hosts that ssh_config names one by one: what a person can pick. Patterns are rules for many, not hosts.
import type { ConfigNode, SshConfig } from './load-config.ts';

/** Names of all Host lines, each once, in the order of the files; exceptions and patterns left out. */
export function listHosts(config: SshConfig): string[] {
  const names = new Set<string>();
  const visit = (nodes: readonly ConfigNode[]): void => {
    for (const { keyword, values, included } of nodes) {
      if (keyword === 'host') {
        for (const value of values) if (!/[*?!]/.test(value)) names.add(value);
      }
      for (const file of included) visit(file);
    }
  };
  for (const file of config.files) visit(file);
  return [...names];
}
