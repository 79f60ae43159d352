// `postern group …`: the command line and its one action.
import type { Command } from 'commander';
import { onFleetFolder, runWith, type ProgramParts } from './command-frame.ts';
import { exitStatus } from './exit-status.ts';
import { endWithProblem, writeDocument } from './results.ts';
import type { Session, SessionOptions } from './session.ts';

/** Adds the commands about groups. */
export function addGroupCommands(program: Command, parts: ProgramParts): void {
  const group = program.command('group').description('Groups of gateways');
  onFleetFolder(group, 'rename', 'Give a group another name; its gateways and groups stay in it')
    .argument('<name>')
    .argument('<new-name>')
    .action((name: string, newName: string, options: SessionOptions) =>
      runWith(parts, 'group rename', (session) => renameGroup(session, name, newName))(options),
    );
}

async function renameGroup({ folder, terminal, json }: Session, name: string, newName: string): Promise<number> {
  const command = 'group rename';
  const renamed = await folder.renameGroup(name, newName);
  if (!renamed.ok) return endWithProblem(terminal, renamed.problem, { command, json });
  if (json) writeDocument(terminal, { command, ok: true, ...renamed.value });
  else terminal.out(`The group ${name} is named ${newName} now.\n`);
  return exitStatus.done;
}
