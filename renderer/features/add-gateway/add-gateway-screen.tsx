// Adding a gateway: where it is and who signs in, then its host key compared by a person, then the sign-in itself.
// Nothing secret is sent before the host key is trusted.
import { useState } from 'react';
import { Button, Stepper } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { HostKey } from '#contract/fleet';
import type { Outcome, Problem } from '#contract/outcome';
import type { HelloReply } from '#contract/replies';
import type { RawInput } from '#ipc';
import { callGateway, refreshCalls, useAct, useCall } from '../../api/gateway-bridge.ts';
import { importSshPath } from '../../components/connect-paths.ts';
import { enrolPath } from '../../components/enrol-path.ts';
import { gatewayPath } from '../../components/gateway-path.ts';
import { goTo } from '../../components/guarded-location.ts';
import { ScreenHeader } from '../../components/screen-header.tsx';
import { readSshForm } from '../../components/ssh-form.ts';
import { HostKeyStep } from './host-key-step.tsx';
import { emptyGatewayForm, judgeName, type GatewayForm } from './gateway-form.ts';
import { SignInStep } from './sign-in-step.tsx';
import { WhereStep } from './where-step.tsx';
import classes from './add-gateway.module.css';

type Step = 'where' | 'host-key' | 'sign-in';
const steps: Step[] = ['where', 'host-key', 'sign-in'];

/** Add a gateway. */
export function AddGatewayScreen() {
  const [step, setStep] = useState<Step>('where');
  const [form, setForm] = useState<GatewayForm>(emptyGatewayForm);
  const [hostKey, setHostKey] = useState<HostKey | null>(null);
  const fleet = useCall('fleet:list', {});
  const scan = useAct('ssh:scan');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isSigningIn, setSigningIn] = useState(false);
  const read = readSshForm(form.ssh);
  const nameProblem = judgeName(form.name, fleet.value?.map((row) => row.name) ?? []);

  const readHostKey = async (): Promise<void> => {
    if (!('ssh' in read)) return;
    setProblem(null);
    const outcome = await scan.run({ ssh: read.ssh });
    if (!outcome.ok) return setProblem(outcome.problem);
    setHostKey(outcome.value);
    setStep('host-key');
  };
  const signIn = async (): Promise<void> => {
    if (!('ssh' in read) || hostKey === null) return;
    setStep('sign-in');
    setProblem(null);
    setSigningIn(true);
    const { secret } = form.ssh;
    const outcome = await enrol({
      name: form.name,
      ssh: read.ssh,
      hostKeys: [hostKey],
      ...(secret === '' || read.ssh.credential !== null ? {} : { secret }),
    });
    setSigningIn(false);
    if (!outcome.ok) return setProblem(outcome.problem);
    notifications.show({ message: welcome(form.name, outcome.value), color: 'green' });
    await refreshCalls('fleet:list');
    goTo(gatewayPath(form.name));
  };

  return (
    <>
      <ScreenHeader title="Add a gateway">
        <Button variant="default" onClick={() => goTo(importSshPath)}>
          Import from ~/.ssh/config
        </Button>
        <Button variant="default" onClick={() => goTo(enrolPath)}>
          Enrol a bare host
        </Button>
      </ScreenHeader>
      <div className={classes['screen']}>
        <Stepper active={steps.indexOf(step)} size="sm" allowNextStepsSelect={false} className={classes['steps']}>
          <Stepper.Step label="Where it is" />
          <Stepper.Step label="Its host key" />
          <Stepper.Step label="Sign in" />
        </Stepper>
        {step === 'where' && (
          <WhereStep
            form={form}
            problems={'problems' in read ? read.problems : {}}
            nameProblem={nameProblem}
            failure={problem}
            isRunning={scan.isRunning}
            onChange={setForm}
            onNext={() => void readHostKey()}
          />
        )}
        {step === 'host-key' && hostKey !== null && 'ssh' in read && (
          <HostKeyStep
            name={form.name}
            ssh={read.ssh}
            hostKey={hostKey}
            onTrust={() => void signIn()}
            onBack={() => setStep('where')}
          />
        )}
        {step === 'sign-in' && (
          <SignInStep
            form={form}
            problem={problem}
            isRunning={isSigningIn}
            onChange={setForm}
            onRetry={() => void signIn()}
            onBack={() => {
              setProblem(null);
              setStep('where');
            }}
          />
        )}
      </div>
    </>
  );
}

/** Signs in first: a gateway that cannot be used is not added. */
async function enrol(gateway: RawInput<'gateway:add'>): Promise<Outcome<HelloReply>> {
  const hello = await callGateway('gateway:try-sign-in', gateway);
  if (!hello.ok) return hello;
  const added = await callGateway('gateway:add', gateway);
  return added.ok ? hello : added;
}

function welcome(name: string, hello: HelloReply): string {
  const agent = `${name} is added: agent ${hello.agentVersion} on ${hello.hostName}.`;
  return hello.daemonAnswers ? agent : `${agent} Its daemon does not answer yet.`;
}
