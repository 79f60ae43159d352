// Which ways of signing in ssh2 tries, and with what.
import type { AnyAuthMethod, AuthenticationType, AuthHandlerMiddleware, Client, ConnectConfig } from 'ssh2';
import type { OfferedKey } from './key-ring.ts';

type SignInConfig = Pick<ConnectConfig, 'password' | 'tryKeyboard' | 'authHandler'>;

// The library takes `false` as "no more"; its types do not say so.
type Next = (method: AuthenticationType | AnyAuthMethod | false) => void;

/** Keys one by one. The library's default asks with `none` first, a round trip, and tries whatever else it has. */
export function offerKeys(username: string, keys: readonly OfferedKey[], onOffer: (key: OfferedKey) => void) {
  let tried = 0;
  const authHandler: AuthHandlerMiddleware = (left, _partial, next) => {
    const key = keys[tried];
    const isPossible = left === null || left.includes('publickey');
    if (key === undefined || !isPossible) return (next as Next)(false);
    tried += 1;
    onOffer(key);
    (next as Next)(key.methodFor(username));
  };
  return { authHandler } satisfies SignInConfig;
}

/** The password, once. */
export function offerPassword(client: Client, password: string): SignInConfig {
  answerOnePrompt(client, password);
  return { password, tryKeyboard: true, authHandler: passwordThenKeyboard() };
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
    (next as Next)(mayUseKeyboard ? 'keyboard-interactive' : false);
  };
}
