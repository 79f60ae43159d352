// Plays every .dialogue of this folder to a real gateway. Those that ask for it get one of their own with short minutes.
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseDialogue, playDialogue, type Dialogue } from '../support/smtp-dialogue.ts';
import { startGateway, type TestGateway } from '../support/smtp-gateway.ts';
import type { GatewayWish } from '../support/smtp-release.ts';
import { startNextHop, type TestNextHop } from '../support/smtp-next-hop.ts';

const names = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.dialogue'));

/** Undoes what the dialogue before has changed: pushes replace the whole wish. */
const plain: GatewayWish = { idleTimeoutMinutes: 5, mode: 'accept-except', deny: '', permit: '', rule: {}, smtp: {} };

describe('a dialogue with the gateway', () => {
  let hop: TestNextHop;
  let gateway: TestGateway;

  beforeAll(async () => {
    hop = await startNextHop();
    gateway = await startGateway({ asProcess: true, nextHop: hop.address });
  });

  afterAll(async () => {
    await gateway.close();
    await hop.close();
  });

  const play = async (dialogue: Dialogue): Promise<void> => {
    hop.wish = { reactions: dialogue.hop };
    if (dialogue.minuteMilliseconds === null) {
      await gateway.push({ ...plain, ...dialogue.wish });
      return playDialogue(dialogue, gateway.port);
    }
    const own = await startGateway({
      ...dialogue.wish,
      nextHop: hop.address,
      minuteMilliseconds: dialogue.minuteMilliseconds,
    });
    try {
      await playDialogue(dialogue, own.port);
    } finally {
      await own.close();
    }
  };

  it.each(names)('%s', async (name) => {
    const dialogue = parseDialogue(readFileSync(`${import.meta.dirname}/${name}`, 'utf8'));

    await play(dialogue);

    expect(dialogue.steps.some(({ verb }) => verb === 'S:')).toBe(true);
  });
});
