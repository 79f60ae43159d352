// What a save of a group or the fleet is called in its history: the fields that it sets, changes or lets go. Pure.
import type { Draft } from '#ipc';
import type { Scope } from '#contract/scope';
import { settingInWords, settingLabel } from '#contract/setting-words';
import { changedPaths, settingPaths } from '#contract/settings-layer';
import { scopeInWords } from '../../components/scope-editing.ts';

/** The contract's limit of a commit message. */
const maxWords = 20_000;

/** One line a field below a first line that names the scope. */
export function describeScopeSave(scope: Scope, saved: Draft, draft: Draft): string {
  const changed = new Set(changedPaths(saved.settings, draft.settings));
  const lines = settingPaths.flatMap((path) => {
    const [was, is] = [saved.overrides.includes(path), draft.overrides.includes(path)];
    const label = settingLabel(path);
    if (was && !is) return [`${label}: inherited again (${settingInWords(draft.settings, path)})`];
    if (is && changed.has(path)) {
      return [`${label}: ${settingInWords(saved.settings, path)} → ${settingInWords(draft.settings, path)}`];
    }
    return is && !was ? [`${label}: kept at ${settingInWords(draft.settings, path)}`] : [];
  });
  return [`Change ${scopeInWords(scope)}`, '', ...lines].join('\n').trim().slice(0, maxWords);
}
