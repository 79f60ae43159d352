// From bytes to a request, strictly. Nothing of the content reaches a message: it may be a private key.
import { z } from 'zod';
import { failed, type Outcome, done } from '#contract/outcome';
import { protocolVersion } from '#contract/protocol';
import { Request } from '#contract/requests';

/** Only what tells versions apart, read before anything else is judged. */
const Envelope = z.looseObject({ protocol: z.number() });

/** A problem list longer than this helps nobody. */
const issuesShown = 5;

/** The request, or why it is none: not UTF-8, not JSON, a newer protocol, or refused by the schema. */
export function parseRequest(raw: Buffer): Outcome<Request> {
  const document = parseJson(raw);
  if (!document.ok) return document;
  const envelope = Envelope.safeParse(document.value);
  if (envelope.success && envelope.data.protocol > protocolVersion) {
    return failed(
      'agent-too-old',
      `This gateway’s agent speaks protocol ${protocolVersion}; the request needs ${envelope.data.protocol}.`,
      'Upgrade the agent on the gateway, then push again.',
    );
  }
  const request = Request.safeParse(document.value);
  return request.success ? done(request.data) : refuse(request.error.issues);
}

function parseJson(raw: Buffer): Outcome<unknown> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(raw);
    return done(JSON.parse(text) as unknown);
  } catch {
    // The error's own message would quote the text.
    return failed('bad-request', 'The request is not one JSON document in UTF-8.');
  }
}

function refuse(issues: readonly z.core.$ZodIssue[]): Outcome<never> {
  const isConfig = issues.every(({ path }) => path[0] === 'release' && path[1] === 'config');
  const lines = issues.slice(0, issuesShown).map((issue) => `${describePath(issue.path)}: ${describeIssue(issue)}`);
  const more = issues.length > issuesShown ? ` And ${issues.length - issuesShown} more.` : '';
  const code = isConfig ? 'config-rejected' : 'bad-request';
  return failed(code, `The agent refuses the request. ${lines.join(' ')}${more}`);
}

function describePath(path: readonly PropertyKey[]): string {
  return path.length === 0 ? 'request' : path.map(showKey).join('.');
}

function describeIssue(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'unrecognized_keys') return issue.message;
  return `${issue.keys.map(showKey).join(', ')} is not known to this agent.`;
}

/** Keys come from the request too: one that does not look like a name is not repeated. */
function showKey(key: PropertyKey): string {
  const text = String(key);
  return /^[\p{L}\p{N}_-]{1,64}$/u.test(text) ? text : '…';
}
