// Pushes that end soon after one another are recorded together: a commit of the fleet folder costs 30 ms of CPU, more
// than the push itself. Nobody waits for a push that is not under way.

/** Long enough for dozens to end, short enough for a screen that shows who has ended. */
const gatherMilliseconds = 2000;

export type PushGathering = {
  /** Around a whole push: who is counted may be waited for. */
  count<T>(push: () => Promise<T>): Promise<T>;
  /** Before recording: resolves when all that are counted are here, or after two seconds. */
  meet(): Promise<void>;
};

/** One for all pushes of an engine. */
export function gatherPushes(): PushGathering {
  let underWay = 0;
  let here: (() => void)[] = [];
  let timer: NodeJS.Timeout | undefined;
  const go = () => {
    clearTimeout(timer);
    timer = undefined;
    const all = here;
    here = [];
    for (const each of all) each();
  };
  const goIfComplete = () => {
    if (here.length > 0 && here.length >= underWay) go();
  };
  return {
    async count(push) {
      underWay += 1;
      try {
        return await push();
      } finally {
        underWay -= 1;
        goIfComplete();
      }
    },
    meet: () =>
      new Promise((resolve) => {
        here.push(resolve);
        timer ??= setTimeout(go, gatherMilliseconds);
        goIfComplete();
      }),
  };
}
