// Which one way of signing in ssh2 tries, and with what.
import ssh2, { type AuthenticationType, type AuthHandlerMiddleware, type Client, type ConnectConfig } from 'ssh2';
import type { Credentials } from './credentials.ts';

type SignInConfig = Pick<
  ConnectConfig,
  'agent' | 'privateKey' | 'passphrase' | 'password' | 'tryKeyboard' | 'authHandler'
>;

/** One method only: the library's default asks with `none` first, a round trip, and tries whatever else it has. */
export function signInOptions(client: Client, credentials: Credentials): SignInConfig {
  switch (credentials.kind) {
    case 'agent':
      return { agent: ssh2.createAgent(credentials.socket), authHandler: ['agent'] };
    case 'key': {
      const { privateKey, passphrase } = credentials;
      return { privateKey, authHandler: ['publickey'], ...(passphrase === undefined ? {} : { passphrase }) };
    }
    case 'password':
      answerOnePrompt(client, credentials.password);
      return { password: credentials.password, tryKeyboard: true, authHandler: passwordThenKeyboard() };
  }
}

/** PAM set-ups ask for the password as a single hidden prompt; anything else is not a question for a password. */
function answerOnePrompt(client: Client, password: string): void {
  let wasAnswered = false;
  client.on('keyboard-interactive', (...[, , , prompts, finish]) => {
    if (prompts.length === 0) return finish([]);
    const isPasswordPrompt = prompts.length === 1 && !(prompts[0]?.echo ?? false) && !wasAnswered;
    wasAnswered = true;
    finish(isPasswordPrompt ? [password] : []);
  });
}

/** `password` first; keyboard-interactive only where the server does not know `password`, so a wrong one counts once. */
function passwordThenKeyboard(): AuthHandlerMiddleware {
  let tried = 0;
  return (left, _partial, next) => {
    tried += 1;
    if (tried === 1) return next('password');
    const mayUseKeyboard = tried === 2 && left?.includes('keyboard-interactive') === true && !left.includes('password');
    // The library takes `false` as "no more"; its types do not say so.
    (next as (method: AuthenticationType | false) => void)(mayUseKeyboard ? 'keyboard-interactive' : false);
  };
}
