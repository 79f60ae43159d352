// The one command that Postern ever runs on a gateway.

/** The whole command line. The request travels on stdin, so there is nothing to quote. */
export const agentCommand = 'gateway-agent rpc';
