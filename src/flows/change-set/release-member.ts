import type { ChangeSetEvent } from '../../domain/change-set/advance.ts';
import type { ChangeSetMember } from '../../domain/change-set/change-set.ts';
import { parseFullName } from '../../domain/repository.ts';
import type { DispatchRoom } from '../dispatch/dispatch-room.ts';

/**
 * All that a member depends on is merged: its draft, which was one for the sake of the order, is made ready. A team that is still
 * at it does so itself, or is waited for.
 */
export async function releaseMember(
  room: Pick<DispatchRoom, 'connect'>,
  { repository, pullRequest, issue, begins, dependsOn }: ChangeSetMember,
): Promise<readonly ChangeSetEvent[]> {
  const place = parseFullName(repository);
  if (place === undefined || pullRequest === undefined) return [];
  const { forge } = room.connect(place);
  const wasHeld = begins === 'in-review' && dependsOn.length > 0;
  if (wasHeld) {
    const team = issue === undefined ? undefined : (await forge.team.read(issue))?.record.state;
    if (team !== undefined && team.kind !== 'over') return [];
    await forge.reviews.markReady(pullRequest);
  }
  return [{ kind: 'released', repository }];
}
