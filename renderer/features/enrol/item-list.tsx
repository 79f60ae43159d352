// The items of a look, a run or a removal: an icon, what it is about, how it stands in a word, and what there is to say.
import { Loader } from '@mantine/core';
import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconCheck,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
} from '@tabler/icons-react';
import type { EnrolItem } from '#ipc';
import classes from './enrol.module.css';

type State = EnrolItem['state'];

const stateWords: Record<State, string> = {
  there: 'There already',
  'to-do': 'Will be done',
  doing: 'Under way',
  done: 'Done',
  failed: 'Failed',
  undone: 'Removed again',
  obstacle: 'In the way',
};

type Props = { items: readonly EnrolItem[]; label: string; words?: Partial<Record<State, string>> };

/** In the order of the work; `words` where a state is called something else. */
export function ItemList({ items, label, words: own = {} }: Props) {
  return (
    <ul className={classes['items']} aria-label={label}>
      {items.map(({ id, words, state, detail }) => (
        <li key={id} className={classes['item']} data-state={state}>
          <StateIcon state={state} />
          <div>
            <div>{words}</div>
            {detail !== undefined && <div className={classes['detail']}>{detail}</div>}
          </div>
          <span className={classes['state']}>{own[state] ?? stateWords[state]}</span>
        </li>
      ))}
    </ul>
  );
}

function StateIcon({ state }: { state: State }) {
  switch (state) {
    case 'there':
      return <IconCheck size={18} color="var(--tone-gray)" aria-hidden />;
    case 'to-do':
      return <IconCircleDashed size={18} color="var(--tone-gray)" aria-hidden />;
    case 'doing':
      return <Loader size={18} aria-hidden />;
    case 'done':
      return <IconCircleCheck size={18} color="var(--tone-green)" aria-hidden />;
    case 'undone':
      return <IconArrowBackUp size={18} color="var(--tone-gray)" aria-hidden />;
    case 'failed':
      return <IconCircleX size={18} color="var(--tone-red)" aria-hidden />;
    case 'obstacle':
      return <IconAlertTriangle size={18} color="var(--tone-red)" aria-hidden />;
  }
}
