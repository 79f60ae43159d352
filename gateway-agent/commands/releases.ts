// `releases`: what the gateway keeps and could go back to.
import { done } from '#contract/outcome';
import type { Answer, ReleasesReply } from '#contract/replies';
import { readCurrent } from '../store/current.ts';
import { listReleases } from '../store/kept-releases.ts';
import type { CommandContext } from './command-context.ts';

/** All kept releases, newest first, with who brought them. Needs no daemon. */
export async function releases({ root }: CommandContext): Promise<Answer<ReleasesReply>> {
  const current = await readCurrent(root);
  const kept = await listReleases(root);
  return done({ releases: kept.map((release) => ({ ...release, isCurrent: release.revision === current })) });
}
