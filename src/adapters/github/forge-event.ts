import type { Dependency } from '../../domain/coordination/dependency.ts';
import { taskKeyOf } from '../../domain/coordination/task-key.ts';
import type { MirroredIssue } from '../../domain/coordination/task-record.ts';
import { EntropyError } from '../../domain/error.ts';
import type { ForgeEvent } from '../../domain/forge-event.ts';
import { isObject } from '../../domain/json-shape.ts';
import { integerIn, type JsonObject, objectIn, textIn, textOrNullIn } from './json-reader.ts';
import { readListedIssue } from './listed-issue.ts';

/** Reads what the books need of a webhook's payload and nothing else. E103 when it is not what its name promises. */
export function readForgeEvent(delivery: { readonly event: string; readonly payload: unknown }): ForgeEvent {
  try {
    return read(delivery.event, objectIn(delivery.payload, 'payload'));
  } catch (cause) {
    if (!(cause instanceof EntropyError)) throw cause;
    throw new EntropyError({
      code: 'E103',
      message: `the payload of the ${delivery.event} event cannot be read: ${cause.message}`,
      fix: 'if GitHub sent it, report this with the delivery from the webhook’s page',
      cause,
    });
  }
}

function read(name: string, payload: JsonObject): ForgeEvent {
  switch (name) {
    case 'issues':
    case 'issue_comment':
      return issueEvent(payload, 'issue');
    case 'pull_request':
      return issueEvent(payload, 'pull_request');
    case 'issue_dependencies':
      return dependencyEvent(payload);
    case 'sub_issues':
      return subIssueEvent(payload);
    case 'workflow_run':
      return runEvent(payload);
    default:
      return { kind: 'unrelated', reason: `nothing is kept of ${name} events` };
  }
}

function issueEvent(payload: JsonObject, field: 'issue' | 'pull_request'): ForgeEvent {
  const action = textIn(payload, 'action');
  const { issue } = readListedIssue(payload[field], repositoryIn(payload, 'repository'));
  // Of a deleted comment the issue lives on; only an issue's own end is an end.
  const gone =
    field === 'issue' && payload['comment'] === undefined && (action === 'deleted' || action === 'transferred');
  if (!gone) return { kind: 'issue', issue, actor: actorOf(payload) };
  return {
    kind: 'issue',
    issue: { ...issue, forgeState: 'closed', closedAt: issue.updatedAt },
    actor: actorOf(payload),
  };
}

function dependencyEvent(payload: JsonObject): ForgeEvent {
  const action = textIn(payload, 'action');
  const change = changeOf(action);
  if (change === undefined) return { kind: 'unrelated', reason: `nothing is kept of the action ${action}` };
  const blocked = endOf(payload, 'blocked_issue');
  const blocking = endOf(payload, 'blocking_issue');
  if (blocked === undefined || blocking === undefined) return untold;
  const ends = { from: taskKeyOf(blocking), to: taskKeyOf(blocked) };
  const dependency: Dependency = { kind: 'blocks', ...ends, source: 'github' };
  return { kind: 'dependency', change, dependency, issues: [blocked, blocking], actor: actorOf(payload) };
}

function subIssueEvent(payload: JsonObject): ForgeEvent {
  const action = textIn(payload, 'action');
  const change = changeOf(action);
  if (change === undefined) return { kind: 'unrelated', reason: `nothing is kept of the action ${action}` };
  const parent = endOf(payload, 'parent_issue');
  const child = endOf(payload, 'sub_issue');
  if (parent === undefined || child === undefined) return untold;
  const ends = { from: taskKeyOf(parent), to: taskKeyOf(child) };
  const dependency: Dependency = { kind: 'parent', ...ends, source: 'sub-issue' };
  return { kind: 'dependency', change, dependency, issues: [parent, child], actor: actorOf(payload) };
}

const untold: ForgeEvent = { kind: 'unrelated', reason: 'the event tells one end only' };

/** GitHub tells each change twice, once from either side: `blocked_by_added` and `blocking_added`. */
function changeOf(action: string): 'added' | 'removed' | undefined {
  if (action.endsWith('_added')) return 'added';
  return action.endsWith('_removed') ? 'removed' : undefined;
}

/** The issue of the side that the event comes from has the event's own repository, the other one is told beside it. */
function endOf(payload: JsonObject, field: string): MirroredIssue | undefined {
  if (!isObject(payload[field])) return undefined;
  const beside = isObject(payload[`${field}_repo`]) ? `${field}_repo` : 'repository';
  return readListedIssue(payload[field], repositoryIn(payload, beside)).issue;
}

/** A finished job is not the end: the run's other jobs may still publish. */
function runEvent(payload: JsonObject): ForgeEvent {
  const action = textIn(payload, 'action');
  if (action !== 'completed') return { kind: 'unrelated', reason: `the workflow run is ${action}` };
  const run = objectIn(payload['workflow_run'], 'workflow_run');
  return {
    kind: 'run-ended',
    repository: repositoryIn(payload, 'repository'),
    runId: integerIn(run, 'id'),
    attempt: integerIn(run, 'run_attempt'),
    conclusion: textOrNullIn(run, 'conclusion') || 'unknown',
    title: textOrNullIn(run, 'display_title'),
  };
}

function repositoryIn(payload: JsonObject, field: string): string {
  return textIn(objectIn(payload[field], field), 'full_name');
}

function actorOf(payload: JsonObject): string {
  return `github/${textIn(objectIn(payload['sender'], 'sender'), 'login')}`;
}
