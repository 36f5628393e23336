import { issueOfSomeBranch } from '../../domain/branch-name.ts';
import { claimPlace } from '../../domain/claim-place.ts';
import { repositoryIn } from '../../domain/dispatch/delivery-repository.ts';
import type { QueuedDelivery } from '../../domain/dispatch/queued-message.ts';
import { EntropyError } from '../../domain/error.ts';
import { isObject } from '../../domain/json-shape.ts';
import type { IssuePlace } from '../../domain/repository.ts';
import type { DispatchRoom } from '../dispatch/dispatch-room.ts';
import { memberPart } from './member-part.ts';

const ulid = /(?<![0-9A-Za-z])[0-7][0-9A-HJKMNP-TV-Z]{25}(?![0-9A-Za-z])/;

/**
 * The set that a delivery may matter to: a pull request of one of its members was opened, closed or merged, or the workflow run of
 * one ended. Everything else a sweep finds. Nothing is asked of GitHub for what no agent made.
 */
export async function findChangeSet(room: DispatchRoom, delivery: QueuedDelivery): Promise<IssuePlace | undefined> {
  const place = await memberIssueOf(room, delivery);
  if (place === undefined) return undefined;
  const { forge } = room.connect(place.repository);
  try {
    return (await memberPart(forge, await forge.issue(place.number)))?.set;
  } catch (error) {
    if (error instanceof EntropyError && error.code === 'E202') return undefined;
    throw error;
  }
}

async function memberIssueOf(room: DispatchRoom, delivery: QueuedDelivery): Promise<IssuePlace | undefined> {
  const { event, payload } = delivery;
  if (event === 'pull_request') {
    const repository = repositoryIn(delivery);
    const number = issueOfSomeBranch(headOf(payload['pull_request']));
    return repository === undefined || number === undefined ? undefined : { repository, number };
  }
  if (event !== 'workflow_run' || !isObject(payload['workflow_run'])) return undefined;
  const title = payload['workflow_run']['display_title'];
  const runId = typeof title === 'string' ? ulid.exec(title)?.[0] : undefined;
  const run = runId === undefined ? undefined : await room.runs.read(runId);
  return run === undefined ? undefined : claimPlace(run.task);
}

function headOf(pull: unknown): string {
  const head = isObject(pull) ? pull['head'] : undefined;
  const name = isObject(head) ? head['ref'] : undefined;
  return typeof name === 'string' ? name : '';
}
