import { openDemands } from '../../domain/review/convergence.ts';
import type { TeamRecord } from '../../domain/stages/team-record.ts';
import type { AutoMergeTold } from '../../domain/tracking-comment.ts';
import type { TeamRoom } from './team-room.ts';

/**
 * With `merge: auto` GitHub is asked to merge what a team is done with: the very head that its tester's own test speaks for and its
 * reviewer has nothing left to ask of. Undefined: a person merges, as the repository wants it.
 */
export async function mergeWhenReady(
  { forge, settings, log }: Pick<TeamRoom, 'forge' | 'settings' | 'log'>,
  record: TeamRecord,
  { held }: { readonly held: boolean },
): Promise<AutoMergeTold | undefined> {
  const { pullRequest, headSha } = record;
  if ((await settings()).merge !== 'auto' || pullRequest === undefined || headSha === undefined) return undefined;
  const reason = held ? 'others of its set come first' : whyNotByItself(record);
  if (reason !== undefined) {
    log(`merge: auto: GitHub is not asked, for ${reason}`);
    return { kind: 'refused', reason };
  }
  return forge.askToMerge(pullRequest, headSha);
}

function whyNotByItself({ chosen, verdict, findings }: TeamRecord): string | undefined {
  if (!chosen.includes('test')) return 'its team has no tester (setting: team.stages)';
  if (verdict !== 'confirmed') return 'no test of its tester speaks for it';
  return openDemands(findings).length > 0 ? 'findings are open' : undefined;
}
