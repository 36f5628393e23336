import { counted } from '../counted.ts';
import { asCodeSpan } from '../outgoing-text.ts';
import { type PatchManifest, patchLines } from '../patch.ts';
import { unfinishedRef } from './unfinished-work.ts';

/** What became of the work in progress of a run that ended without a hand-over. */
export type SavedTold =
  | {
      readonly kind: 'saved';
      readonly issue: number;
      readonly commit: string;
      readonly patch: PatchManifest;
      readonly url: string;
    }
  /** `why` completes the sentence; ours, or quoted by whoever made it. */
  | { readonly kind: 'not-saved'; readonly why: string };

const beginning = 'Its work so far';

/** A paragraph of the run's comment. */
export function savedText(told: SavedTold): string {
  if (told.kind === 'not-saved') return `${beginning} is not kept in the repository: ${told.why}.`;
  const { added, removed } = patchLines(told.patch);
  const what = `${counted(told.patch.files.length, 'file')}, +${added} −${removed}`;
  const ref = unfinishedRef(told.issue);
  const link = `[${told.commit.slice(0, 12)}](${told.url})`;
  return `${beginning} (${what}) is saved as ${link}, on no branch. \`/agent retry\` goes on from it; \`/agent fix\` starts anew; \`git fetch origin ${ref}\` gets it (\`FETCH_HEAD^\`).`;
}

export function tellsSaved(body: string): boolean {
  return body.includes(`\n${beginning} `);
}

/** What the comment of the next run says. `why`: it is not taken up. */
export function takenUpText(taken: { readonly runId: string; readonly files: number; readonly why?: string }): string {
  const run = `run ${asCodeSpan(taken.runId, 64)}`;
  return taken.why === undefined
    ? `Goes on from what ${run} left: ${counted(taken.files, 'file')}.`
    : `What ${run} left is not taken up: ${taken.why}. It starts anew.`;
}
