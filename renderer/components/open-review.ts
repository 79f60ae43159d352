// How a screen asks for the review drawer. The app mounts the drawer once; screens know only this door.
import { createContext, useContext } from 'react';
import type { Draft } from '#ipc';
import type { Scope } from '#contract/scope';

/** One gateway to review. */
export type ReviewTarget = { name: string };

/** A draft that a save would store first; its scope may reach many gateways, or none yet. */
export type UnsavedDraft = {
  scope: Scope;
  draft: Draft;
  savedVersion: string;
  /** The commit's message where the review of one gateway does not say it all. */
  words?: string;
};

/** What to review; `onSaved` tells the screen which version its draft became. */
export type ReviewRequest = {
  targets: ReviewTarget[];
  unsaved?: UnsavedDraft;
  onSaved?: (savedVersion: string) => void;
  /** The user wants what the gateway or the folder holds now. */
  onReload?: (name: string) => void;
};

/** Opens the drawer. */
export const ReviewContext = createContext<(request: ReviewRequest) => void>(() => undefined);

/** The function that opens the review drawer. */
export function useOpenReview(): (request: ReviewRequest) => void {
  return useContext(ReviewContext);
}
