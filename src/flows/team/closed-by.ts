import { EntropyError } from '../../domain/error.ts';
import type { TeamEvent } from '../../domain/stages/team-event.ts';
import type { TeamRecord } from '../../domain/stages/team-record.ts';
import type { Forge } from '../../ports/forge.ts';

/** What ends the team wherever it stands: its issue is closed or gone, or its pull request is. Undefined: both are open. */
export async function closedBy(
  forge: Pick<Forge, 'issue' | 'pullRequest'>,
  { issue, pullRequest }: Pick<TeamRecord, 'issue' | 'pullRequest'>,
): Promise<TeamEvent | undefined> {
  if ((await issueState(forge, issue)) !== 'open') return { kind: 'issue-closed' };
  if (pullRequest === undefined) return undefined;
  const pull = await forge.pullRequest(pullRequest);
  return pull?.state === 'closed' ? { kind: 'pull-closed', pullRequest, merged: pull.merged } : undefined;
}

/** `gone`: deleted, or moved to another repository, for good. */
export async function issueState(forge: Pick<Forge, 'issue'>, issue: number): Promise<'open' | 'closed' | 'gone'> {
  try {
    return (await forge.issue(issue)).state;
  } catch (error) {
    if (error instanceof EntropyError && error.code === 'E202') return 'gone';
    throw error;
  }
}
