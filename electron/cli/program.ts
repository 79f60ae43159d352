// The command line of `postern`: its help, and which groups of commands there are. Each group lies in `<area>-program.ts`.
import { Command } from 'commander';
import { addFirstContactCommands } from './add-program.ts';
import { addAuditCommands } from './audit-program.ts';
import type { ProgramParts } from './command-frame.ts';
import { addBackupCommands } from './backup-program.ts';
import { addConnectCommands } from './connect-program.ts';
import { addDemoCommands } from './demo-program.ts';
import { addDriftCommands } from './drift-program.ts';
import { addEnrolCommands } from './enrol-program.ts';
import { exitStatusHelp } from './exit-status.ts';
import { addExportCommands } from './export-program.ts';
import { addGroupCommands } from './group-program.ts';
import { addHistoryCommands } from './history-program.ts';
import { addPushCommands } from './push-program.ts';
import { addQuestionCommands } from './questions-program.ts';
import { addQueueCommands } from './queue-program.ts';
import { addRolloutCommands } from './rollout-program.ts';
import { addSyncCommands } from './sync-program.ts';

const examples = `
Examples:
  postern add mx1 mx1.example.net --fleet ./fleet --identity ~/.ssh/postern
  postern enrol mx2.example.net --fleet ./fleet --user root --check
  postern check --fleet ./fleet
  postern push --fleet ./fleet --gateway mx1 --gateway mx2
  postern push --fleet ./fleet --group edge --canary 1 --batch 20 --max-failures 2
  postern rollout resume 3fa9c1d2 --fleet ./fleet
  postern push --fleet ./fleet --json --passphrase-file /run/secrets/postern
  postern explain 192.0.2.7 --fleet ./fleet --gateway mx1
  postern queue list --fleet ./fleet --gateway mx1 --domain example.net
  postern drift --fleet ./fleet
  postern log mx1 --fleet ./fleet
  postern restore mx1 --fleet ./fleet --at '2026-11-24 10:30'
  postern ran mx1 --fleet ./fleet --at 2026-11-24
  postern backup restore 2026-11-24 --fleet ./fleet --in-place
  postern sync --fleet ./fleet
  postern audit verify --fleet ./fleet
  postern rollback 3fa9c1 --fleet ./fleet --gateway mx1
  postern demo
`;

/** Builds the program; parse() runs it. */
export function buildProgram(parts: ProgramParts): Command {
  const program = new Command('postern')
    .description('Manage SMTP gateways: every push proves itself, or goes back.')
    .version(parts.version)
    .showHelpAfterError('(postern --help shows the commands and examples)')
    .addHelpText('after', `${examples}${exitStatusHelp}`)
    .exitOverride()
    .configureOutput({ writeOut: parts.terminal.out, writeErr: parts.terminal.tell });

  addPushCommands(program, parts);
  addRolloutCommands(program, parts);
  addQuestionCommands(program, parts);
  addQueueCommands(program, parts);
  addFirstContactCommands(program, parts);
  addConnectCommands(program, parts);
  addGroupCommands(program, parts);
  addAuditCommands(program, parts);
  addDriftCommands(program, parts);
  addHistoryCommands(program, parts);
  addSyncCommands(program, parts);
  addExportCommands(program, parts);
  addBackupCommands(program, parts);
  addEnrolCommands(program, parts);
  addDemoCommands(program, parts);
  return program;
}
