// The whole daemon killed at random moments under load, with a next hop that flaps between 250 and 451: nothing that was
// promised is lost or damaged, and only what was under way at a kill comes twice.
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { isWhole, startLoad } from '../support/mail-load.ts';
import { startGateway } from '../support/smtp-gateway.ts';
import { startNextHop } from '../support/smtp-next-hop.ts';

const kills = Number(process.env['POSTERN_KILLS'] ?? '25');

/** From the next hop's 250 to the mark on the disk: one batch of the queue, on a loaded machine. */
const underWayMilliseconds = 500;
const lookEveryMilliseconds = 20;

/**
 * Kills of one gateway. Mail comes in faster than a daemon that lives for half a second can pass it on: after 500 kills
 * a quarter of a million messages waited and each start took seconds, so a longer run takes a fresh gateway now and then.
 */
const killsOfOne = 25;
const rounds = Array.from({ length: Math.ceil(kills / killsOfOne) }, (_, round) => ({
  round: round + 1,
  count: Math.min(killsOfOne, kills - round * killsOfOne),
}));

it.each(rounds)(
  'round $round: loses nothing in $count kills and sends twice only what was under way',
  { timeout: killsOfOne * 8000 + 60_000 },
  async ({ count }) => {
    let isFlapping = true;
    const arrivals = new Map<number, number[]>();
    let damaged = 0;
    const flap = () => (isFlapping && Math.floor(performance.now() / 300) % 2 ? '451 4.3.0 Later' : undefined);
    const hop = await startNextHop({ reactions: { RCPT: flap } });
    const collect = (): void => {
      for (const { content } of hop.messages.splice(0)) {
        const number = Number(/^X-Number: (\d+)/m.exec(content)?.[1]);
        if (!isWhole(content, number)) damaged += 1;
        arrivals.set(number, [...(arrivals.get(number) ?? []), performance.now()]);
      }
    };
    // A crowded machine holds the daemon up as it does us, so what we were late ourselves is allowed on top.
    let [lookedAt, latest] = [performance.now(), 0];
    const collecting = setInterval(() => {
      collect();
      latest = Math.max(latest, performance.now() - lookedAt - lookEveryMilliseconds);
      lookedAt = performance.now();
    }, lookEveryMilliseconds);
    const gateway = await startGateway({
      asProcess: true,
      nextHop: hop.address,
      minuteMilliseconds: 1000,
      idleTimeoutMinutes: 1000,
    });
    const load = startLoad(() => gateway.port, 8);
    const killTimes: number[] = [];
    for (let kill = 0; kill < count; kill += 1) {
      await delay(150 + Math.random() * 900);
      await gateway.stop('SIGKILL');
      killTimes.push(performance.now());
      await gateway.start();
    }
    await delay(300);
    await load.stop();
    isFlapping = false;
    const { entries } = await gateway.queue({ kind: 'list', limit: 1000 });
    if (entries.length > 0) await gateway.queue({ kind: 'act', action: 'retry', ids: entries.map(({ id }) => id) });
    await gateway.drained(60_000);
    await delay(100);
    clearInterval(collecting);
    collect();

    const lost = [...load.promised].filter((number) => !arrivals.has(number));
    const twice = [...arrivals].filter(([, times]) => times.length > 1);
    const wrong = twice.filter(([, times]) => {
      const late = underWayMilliseconds + 2 * latest;
      const wasUnderWay = (at: number) => killTimes.some((kill) => at > kill - late && at < kill + 100 + latest);
      return !times.slice(0, -1).every(wasUnderWay);
    });
    process.stdout.write(`${load.promised.size} promised, ${twice.length} came twice in ${count} kills\n`);
    expect(load.promised.size).toBeGreaterThan(count * 5);
    expect({ lost, damaged, wrong }).toEqual({ lost: [], damaged: 0, wrong: [] });
    expect((await gateway.status()).queue).toMatchObject({ messages: 0, damaged: 0 });
    expect((await gateway.events()).filter(({ event }) => event === 'bounced')).toEqual([]);
    await gateway.close();
    await hop.close();
  },
);
