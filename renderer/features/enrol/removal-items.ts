// What un-enrolment removes, item by item, from what a look at the host found there.
import type { EnrolItem, EnrolReport } from '#ipc';

/** In the order of the removal. Words that tell what is lost with it. */
const removed: Readonly<Record<string, { words: string; detail?: string }>> = {
  service: { words: 'The daemon and what starts it', detail: 'The gateway takes no mail any more.' },
  'management-key': { words: 'Management keys', detail: 'Also those of other computers that enrolled it.' },
  users: { words: 'Users postern and postern-deploy' },
  folders: { words: 'Folders below /var/lib/postern', detail: 'Releases, events and the queue with them.' },
  agent: { words: 'The agent in /usr/local/lib/postern' },
};

/** Of a host that was enrolled: what will go, and what is not there anyway. */
export function removalItems(report: EnrolReport, name: string): EnrolItem[] {
  const onHost = Object.entries(removed).map(([id, told]): EnrolItem => {
    const found = report.items.find((item) => item.id === id);
    // A key that this computer does not hold reads as to be made: there may be others all the same.
    const isThere = report.isEnrolled && (found?.state === 'there' || id === 'management-key' || id === 'agent');
    return { id, ...told, state: isThere ? 'to-do' : 'there' };
  });
  const here: EnrolItem = {
    id: 'record',
    words: `${name} in the fleet`,
    detail: 'With its settings, and its key on this computer. The history of the fleet folder keeps the settings.',
    state: 'to-do',
  };
  return [...onHost, here];
}

/** How the states of a removal are called. */
export const removalWords: Partial<Record<EnrolItem['state'], string>> = {
  'to-do': 'Will be removed',
  there: 'Not there',
  undone: 'Removed',
};
