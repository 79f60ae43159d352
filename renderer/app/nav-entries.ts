// What the bar on the left leads to besides the fleet itself, and what the palette calls it.
import type { ComponentType } from 'react';
import {
  IconActivity,
  IconDatabase,
  IconHistory,
  IconKey,
  IconListDetails,
  IconRocket,
  IconServerBolt,
  IconServerCog,
} from '@tabler/icons-react';
import { routes } from './routes.ts';

type NavEntry = {
  path: string;
  label: string;
  Icon: ComponentType<{ size?: number }>;
  /** Set up once, looked at seldom: stands below the rest. */
  isSetup: boolean;
};

const entries: NavEntry[] = [
  { path: '/lists', label: 'Lists', Icon: IconListDetails, isSetup: false },
  { path: '/rollouts', label: 'Rollouts', Icon: IconRocket, isSetup: false },
  { path: '/activity', label: 'Activity', Icon: IconActivity, isSetup: false },
  { path: '/history', label: 'History', Icon: IconHistory, isSetup: false },
  { path: '/fleet-settings', label: 'Fleet settings', Icon: IconServerCog, isSetup: true },
  { path: '/backups', label: 'Backups', Icon: IconDatabase, isSetup: true },
  { path: '/enrol', label: 'Enrol a host', Icon: IconServerBolt, isSetup: true },
  { path: '/sign-in', label: 'Sign-in, jump hosts', Icon: IconKey, isSetup: true },
];

/** Entries whose screens are there. */
export const navEntries = entries.filter(({ path }) => routes.some((route) => route.path === path));
