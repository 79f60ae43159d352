// How a screen asks for the review drawer. The app mounts the drawer once; screens know only this door.
import { createContext, useContext } from 'react';
import type { Draft } from '#ipc';

/** One gateway to review: its saved settings, or a draft that a save would store first. */
export type ReviewTarget = { name: string; unsaved?: { draft: Draft; savedVersion: string } };

/** What to review; `onSaved` tells the screen which version its draft became. */
export type ReviewRequest = {
  targets: ReviewTarget[];
  onSaved?: (name: string, savedVersion: string) => void;
  /** The user wants what the gateway or the folder holds now. */
  onReload?: (name: string) => void;
};

/** Opens the drawer. */
export const ReviewContext = createContext<(request: ReviewRequest) => void>(() => undefined);

/** The function that opens the review drawer. */
export function useOpenReview(): (request: ReviewRequest) => void {
  return useContext(ReviewContext);
}
