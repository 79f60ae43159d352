// Leads a parsed request to its command.
import type { Answer } from '#contract/replies';
import type { Request } from '#contract/requests';
import { abandon } from './commands/abandon.ts';
import { apply } from './commands/apply.ts';
import { check } from './commands/check.ts';
import type { CommandContext } from './commands/command-context.ts';
import { confirm } from './commands/confirm.ts';
import { explain } from './commands/explain.ts';
import { fetch } from './commands/fetch.ts';
import { hello } from './commands/hello.ts';
import { queue } from './commands/queue.ts';
import { releases } from './commands/releases.ts';
import { rollback } from './commands/rollback.ts';
import { status } from './commands/status.ts';

/** The answer of the request's verb. */
export function runVerb(context: CommandContext, request: Request): Promise<Answer<unknown>> {
  switch (request.verb) {
    case 'hello':
      return hello(context);
    case 'check':
      return check(context, request);
    case 'apply':
      return apply(context, request);
    case 'confirm':
      return confirm(context, request);
    case 'abandon':
      return abandon(context, request);
    case 'rollback':
      return rollback(context, request);
    case 'releases':
      return releases(context);
    case 'status':
      return status(context, request);
    case 'explain':
      return explain(context, request);
    case 'queue':
      return queue(context, request);
    case 'fetch':
      return fetch(context, request);
  }
}
