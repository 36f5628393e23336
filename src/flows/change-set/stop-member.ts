import type { ChangeSetEvent } from '../../domain/change-set/advance.ts';
import type { ChangeSet, ChangeSetMember } from '../../domain/change-set/change-set.ts';
import { isAtLeast } from '../../domain/permission.ts';
import { parseFullName } from '../../domain/repository.ts';
import { askGate } from '../dispatch/ask-gate.ts';
import type { DispatchRoom } from '../dispatch/dispatch-room.ts';
import { stopDelivery } from './member-run.ts';

/**
 * The run of a member, where there is one, is stopped as by `stop` on the member's own issue, for whoever stopped the set: the gate
 * there asks whether this person may. Nothing is said where they may not even write.
 */
export async function stopMember(
  room: DispatchRoom,
  { set, member }: { readonly set: ChangeSet; readonly member: ChangeSetMember },
  signal: AbortSignal,
): Promise<readonly ChangeSetEvent[]> {
  const { repository, issue } = member;
  const asked: readonly ChangeSetEvent[] = [{ kind: 'stop-asked', repository }];
  const place = parseFullName(repository);
  const login = set.stoppedBy;
  if (place === undefined || issue === undefined || login === undefined) return asked;
  const installation = await room.installationOf(place);
  if (installation === undefined) return asked;
  if (!isAtLeast(await room.connect(place).forge.permissionOf(login), 'write')) {
    room.log(`${login} stopped the set on ${set.repository}#${set.issue}, and may not stop its run in ${repository}`);
    return asked;
  }
  const { delivery, names } = stopDelivery(set, { ...member, issue }, { installation, login });
  const event = await room.readTrigger({ event: delivery.event, payload: delivery.payload });
  const answer = await askGate(room, { repository: place, delivery, event, names }, signal);
  if (answer.kind === 'refused') room.log(`the run in ${repository} is not stopped: ${answer.text}`);
  return asked;
}
