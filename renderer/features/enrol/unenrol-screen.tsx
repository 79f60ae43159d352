// Taking a gateway apart: who signs in there this once, what will be removed, a deliberate yes, the removal as it
// happens. Where mail waits, nothing is removed until the operator gives the mail up.
import { useState } from 'react';
import { Button, Skeleton, Stepper } from '@mantine/core';
import type { EnrolReport, FleetRow } from '#ipc';
import type { SshAddress } from '#contract/fleet';
import type { Problem } from '#contract/outcome';
import { callGateway, refreshCalls, useCall } from '../../api/gateway-bridge.ts';
import { focusWhenShown } from '../../components/focus-when-shown.ts';
import { gatewayPath } from '../../components/gateway-path.ts';
import { goTo } from '../../components/guarded-location.ts';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { ScreenHeader } from '../../components/screen-header.tsx';
import { toSshForm } from '../../components/ssh-form.ts';
import { StepFrame } from '../../components/step-frame.tsx';
import { judgeHostForm, toHostSignIn, type HostForm } from './enrol-form.ts';
import { removalItems, removalWords } from './removal-items.ts';
import { RunStep } from './run-step.tsx';
import { GiveUpMail, RemovalStep } from './removal-step.tsx';
import { UnenrolSignIn } from './unenrol-sign-in.tsx';
import { useEnrolRun } from './use-enrol-run.ts';
import classes from './enrol.module.css';

/** How much mail waits may be another by now. */
async function refreshRow(name: string): Promise<void> {
  await callGateway('fleet:refresh', { name });
  await refreshCalls('fleet:list');
}

/** Un-enrol a gateway. */
export function UnenrolScreen({ name }: { name: string }) {
  const fleet = useCall('fleet:list', {});
  const [last, setLast] = useState<FleetRow | null>(null);
  const row = fleet.value?.find((candidate) => candidate.name === name) ?? null;
  if (row !== null && row !== last) setLast(row); // it leaves the list when all is removed
  const shown = row ?? last;
  return (
    <>
      <ScreenHeader title={`Un-enrol ${name}`} />
      <div className={classes['screen']}>
        {shown === null && fleet.value === undefined && <Skeleton height={160} aria-label="Loading" />}
        {shown === null && fleet.value !== undefined && (
          <ProblemAlert problem={{ message: `No gateway of the fleet is called ${name}.` }} />
        )}
        {shown !== null && shown.ssh !== null && <Removal row={shown} ssh={shown.ssh} />}
      </div>
    </>
  );
}

const steps = ['sign-in', 'report', 'run'] as const;
type Step = (typeof steps)[number];

function Removal({ row, ssh }: { row: FleetRow; ssh: SshAddress }) {
  const { name } = row;
  const removal = useRemoval(row, ssh);
  const { step, form, report, problem, run } = removal;
  return (
    <>
      <Stepper
        active={run.report === null ? steps.indexOf(step) : steps.length}
        size="sm"
        allowNextStepsSelect={false}
        className={classes['steps']}
      >
        <Stepper.Step label="Sign in once" />
        <Stepper.Step label="What will be removed" />
        <Stepper.Step label="Un-enrol" />
      </Stepper>
      <StepFrame key={step} label={`Step ${steps.indexOf(step) + 1} of ${steps.length}`}>
        {step === 'sign-in' && (
          <UnenrolSignIn
            name={name}
            form={form}
            problems={judgeHostForm(form)}
            onChange={removal.setForm}
            onNext={() => void removal.look()}
          />
        )}
        {step === 'report' && (
          <RemovalStep
            row={row}
            host={form.ssh.host}
            report={report}
            problem={problem}
            onLook={() => void removal.look()}
            onRemove={() => void removal.remove(false)}
            onBack={removal.back}
          />
        )}
        {step === 'run' && (
          <RunStep
            title={`Removing what enrolment made on ${form.ssh.host}`}
            run={run}
            words={removalWords}
            success={`All that enrolment made is removed from ${form.ssh.host}, and ${name} has left the fleet.`}
            failure={run.problem?.code === 'mail-waits' ? 'Nothing was removed because of mail' : 'Not removed'}
          >
            {run.problem?.code === 'mail-waits' && (
              <GiveUpMail name={name} onConfirm={() => void removal.remove(true)} />
            )}
            {run.problem !== null && (
              <Button variant="default" onClick={removal.back}>
                Back
              </Button>
            )}
            {run.report !== null && (
              <Button ref={focusWhenShown} onClick={() => goTo('/')}>
                To the fleet
              </Button>
            )}
          </RunStep>
        )}
      </StepFrame>
    </>
  );
}

function useRemoval({ name, hostKeys }: FleetRow, ssh: SshAddress) {
  const [step, setStep] = useState<Step>('sign-in');
  const [form, setForm] = useState<HostForm>(() => ({
    ssh: { ...toSshForm(ssh), user: 'root', kind: 'agent', credential: null, jumps: [], readsSshConfig: false },
    sudoPassword: '',
  }));
  const [report, setReport] = useState<EnrolReport | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const run = useEnrolRun({ stays: `/unenrol/${name}` });
  const at = toHostSignIn(form, hostKeys);

  const look = async (): Promise<void> => {
    if (at === null) return;
    setProblem(null);
    setReport(null);
    setStep('report');
    void refreshRow(name);
    const outcome = await callGateway('enrol:check', { at, smtpPort: null });
    if (outcome.ok) setReport(outcome.value);
    else setProblem(outcome.problem);
  };
  const remove = async (losesMail: boolean): Promise<void> => {
    if (at === null || report === null) return;
    setStep('run');
    const known = removalItems(report, name).filter(({ state }) => state === 'to-do');
    await run.start(known, (runId) => callGateway('enrol:undo', { runId, at, name, removesRecord: true, losesMail }));
    await refreshCalls('fleet:list');
  };
  const back = (): void => {
    if (step === 'sign-in') return goTo(gatewayPath(name));
    setProblem(null);
    if (step === 'run') void refreshRow(name);
    setStep(step === 'run' ? 'report' : 'sign-in');
  };
  return { step, form, setForm, report, problem, run, look, remove, back };
}
