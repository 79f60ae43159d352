// Enrolling a bare host: which one, its host key compared by a person, what would be done, and the work itself. Nothing
// secret is sent before the host key is trusted, and nothing is touched before the operator has seen what will be.
import { useState } from 'react';
import { Button, Stepper } from '@mantine/core';
import type { HostKey } from '#contract/fleet';
import type { Problem } from '#contract/outcome';
import type { EnrolReport } from '#ipc';
import { callGateway, refreshCalls, useAct, useCall } from '../../api/gateway-bridge.ts';
import { enrolPath } from '../../components/enrol-path.ts';
import { focusWhenShown } from '../../components/focus-when-shown.ts';
import { gatewayPath } from '../../components/gateway-path.ts';
import { goTo } from '../../components/guarded-location.ts';
import { ScreenHeader } from '../../components/screen-header.tsx';
import { StepFrame } from '../../components/step-frame.tsx';
import { emptyEnrolForm, judgeEnrolForm, smtpPortOf, toHostSignIn, type EnrolForm } from './enrol-form.ts';
import { HostStep } from './host-step.tsx';
import { ReportStep } from './report-step.tsx';
import { RunStep } from './run-step.tsx';
import { TrustStep } from './trust-step.tsx';
import { useEnrolRun } from './use-enrol-run.ts';
import classes from './enrol.module.css';

const steps = ['host', 'trust', 'report', 'run'] as const;
type Step = (typeof steps)[number];

/** Enrol a bare host. */
export function EnrolScreen() {
  const enrolment = useEnrolment();
  const { step, form, hostKey, report, problem, run } = enrolment;
  const host = form.ssh.host.trim();
  return (
    <>
      <ScreenHeader title="Enrol a bare host" />
      <div className={classes['screen']}>
        <Stepper
          active={run.report === null ? steps.indexOf(step) : steps.length}
          size="sm"
          allowNextStepsSelect={false}
          className={classes['steps']}
        >
          <Stepper.Step label="The host" />
          <Stepper.Step label="Its host key" />
          <Stepper.Step label="What will be done" />
          <Stepper.Step label="Enrol" />
        </Stepper>
        <StepFrame key={step} label={`Step ${steps.indexOf(step) + 1} of ${steps.length}`}>
          {step === 'host' && (
            <HostStep
              form={form}
              problems={enrolment.problems}
              failure={problem}
              isRunning={enrolment.isScanning}
              onChange={enrolment.setForm}
              onNext={() => void enrolment.readHostKey()}
            />
          )}
          {step === 'trust' && hostKey !== null && (
            <TrustStep
              host={host}
              port={Number(form.ssh.port)}
              hostKey={hostKey}
              onTrust={() => void enrolment.look()}
              onBack={enrolment.back}
            />
          )}
          {step === 'report' && (
            <ReportStep
              host={host}
              name={form.name}
              report={report}
              problem={problem}
              onLook={() => void enrolment.look()}
              onEnrol={() => void enrolment.enrol()}
              onBack={enrolment.back}
            />
          )}
          {step === 'run' && (
            <RunStep
              title={`Enrolling ${host} as ${form.name}`}
              run={run}
              canStop
              success={`${form.name} is a gateway of the fleet, and proved it.`}
              failure={run.problem?.code === 'cancelled' ? 'Stopped' : 'Not enrolled'}
            >
              {run.report === null ? (
                <Button onClick={() => void enrolment.look()}>Look at it again</Button>
              ) : (
                <Button ref={focusWhenShown} onClick={() => goTo(gatewayPath(form.name))}>
                  {`Open ${form.name}`}
                </Button>
              )}
            </RunStep>
          )}
        </StepFrame>
      </div>
    </>
  );
}

function useEnrolment() {
  const [step, setStep] = useState<Step>('host');
  const [form, setForm] = useState<EnrolForm>(emptyEnrolForm);
  const [hostKey, setHostKey] = useState<HostKey | null>(null);
  const [report, setReport] = useState<EnrolReport | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const fleet = useCall('fleet:list', {});
  const scan = useAct('gateway:scan-host-key');
  const run = useEnrolRun({ stays: enrolPath });
  const at = hostKey === null ? null : toHostSignIn(form, [hostKey]);
  const smtpPort = smtpPortOf(form);

  const readHostKey = async (): Promise<void> => {
    setProblem(null);
    const outcome = await scan.run({ host: form.ssh.host.trim(), port: Number(form.ssh.port) });
    if (!outcome.ok) return setProblem(outcome.problem);
    setHostKey(outcome.value);
    setStep('trust');
  };
  const look = async (): Promise<void> => {
    if (at === null) return;
    setProblem(null);
    setReport(null);
    setStep('report');
    const outcome = await callGateway('enrol:check', { at, smtpPort });
    if (outcome.ok) setReport(outcome.value);
    else setProblem(outcome.problem);
  };
  const enrol = async (): Promise<void> => {
    if (at === null) return;
    setStep('run');
    const { name, group } = form;
    await run.start(report?.items ?? [], (runId) => callGateway('enrol:run', { runId, at, name, group, smtpPort }));
    await refreshCalls('fleet:list');
  };
  const back = (): void => {
    setProblem(null);
    setStep('host');
  };
  const taken = fleet.value?.map(({ name }) => name) ?? [];
  const problems = judgeEnrolForm(form, taken);
  const isScanning = scan.isRunning;
  return { step, form, setForm, hostKey, report, problem, problems, run, isScanning, readHostKey, look, enrol, back };
}
