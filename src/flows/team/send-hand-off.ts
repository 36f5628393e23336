import { issueClaimKey } from '../../domain/claim.ts';
import type { MessageType } from '../../domain/coordination/message.ts';
import { parseFullName } from '../../domain/repository.ts';
import type { Stage } from '../../domain/stages/stage.ts';
import { stageTable } from '../../domain/stages/stage-table.ts';
import type { TeamRecord } from '../../domain/stages/team-record.ts';
import type { TeamRoom } from './team-room.ts';

const types: Partial<Readonly<Record<Stage, MessageType>>> = {
  read: 'handoff',
  plan: 'handoff',
  code: 'handoff',
  test: 'review-requested',
  review: 'review-requested',
  address: 'changes-requested',
};

/** Who works next is told so by whoever worked last, once for each step: the step's id is the message's. */
export async function sendHandOff({ mailbox, clock }: TeamRoom, record: TeamRecord): Promise<void> {
  const { state, stage, issue, round, pullRequest, history } = record;
  const type = types[stage];
  const to = stageTable[stage].role;
  const repository = parseFullName(record.repository);
  if (mailbox === undefined || state.kind !== 'pending' || type === undefined || to === undefined) return;
  if (repository === undefined) return;
  const last = history.at(-1);
  const lastRole = last === undefined ? undefined : stageTable[last.stage].role;
  await mailbox.send({
    schema: 1,
    id: state.step.id,
    type,
    task: issueClaimKey(repository.owner, repository.name, issue),
    from: last?.runId === undefined || lastRole === undefined ? 'team' : `${lastRole}/${last.runId}`,
    to,
    sentAt: clock.now(),
    body: { stage, round, step: state.step.id, ...(pullRequest !== undefined && { pullRequest }) },
  });
}
