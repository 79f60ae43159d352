// The version that `hello` and `--version` tell.

/** Replaced by the bundler; absent when the sources run as they are, in unit tests. */
declare const POSTERN_VERSION: string;

/** Postern's version, or `0.0.0` outside a bundle. */
export const agentVersion: string = typeof POSTERN_VERSION === 'string' ? POSTERN_VERSION : '0.0.0';
