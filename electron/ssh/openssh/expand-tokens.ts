// `~`, `%`-tokens and `${VARIABLES}` in the paths of ssh_config(5), TOKENS.
import { hostname } from 'node:os';
import { expandHome } from './load-config.ts';

/** What tokens stand for. */
export type TokenFacts = {
  home: string;
  localUser: string;
  alias: string;
  host: string;
  port: number;
  user: string;
  hostKeyAlias: string | null;
};

/** The path; null where a token or variable has no meaning here. */
export function expandTokens(text: string, facts: TokenFacts): string | null {
  let isKnown = true;
  const expanded = text.replace(
    /%(.?)|\$\{([^}]*)\}/g,
    (_, token: string | undefined, variable: string | undefined) => {
      const value = variable === undefined ? tokenValue(token ?? '', facts) : process.env[variable];
      if (value === undefined) isKnown = false;
      return value ?? '';
    },
  );
  return isKnown ? expandHome(expanded, facts.home) : null;
}

function tokenValue(token: string, facts: TokenFacts): string | undefined {
  const values: Record<string, string> = {
    '%': '%',
    d: facts.home,
    h: facts.host,
    i: String(process.getuid?.() ?? ''),
    k: facts.hostKeyAlias ?? facts.alias,
    L: hostname().split('.')[0] ?? '',
    l: hostname(),
    n: facts.alias,
    p: String(facts.port),
    r: facts.user,
    u: facts.localUser,
  };
  return values[token];
}
