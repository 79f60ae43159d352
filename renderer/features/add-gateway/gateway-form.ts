// The form of a new gateway and the judgement of its name.
import { FleetName } from '#contract/settings';
import { emptySshForm, type SshForm } from '../../components/ssh-form.ts';

/** What is typed on the way. */
export type GatewayForm = { name: string; ssh: SshForm };

/** Nothing typed yet. */
export const emptyGatewayForm: GatewayForm = { name: '', ssh: emptySshForm };

/** What is wrong with the name, or null. */
export function judgeName(name: string, taken: readonly string[]): string | null {
  if (name === '') return 'Type a name.';
  if (taken.includes(name)) return `The fleet already has a gateway named ${name}.`;
  const parsed = FleetName.safeParse(name);
  return parsed.success ? null : (parsed.error.issues[0]?.message ?? 'Not a name.');
}
