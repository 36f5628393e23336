import { couldBeAgents } from '../../domain/branch-name.ts';
import type { ClaimKey } from '../../domain/claim.ts';
import type { TextPlace } from '../../domain/dispatch/omitted-text.ts';
import { isObject } from '../../domain/json-shape.ts';
import { dispatchType } from '../../domain/trigger-event.ts';
import { type JsonObject, memberOf } from './json-reader.ts';
import { type Fields, keepFields, readFields } from './payload-fields.ts';

export type CutPayload =
  | {
      readonly kind: 'cut';
      readonly payload: JsonObject;
      /** The issue that it is about, or `github/<owner>/<repo>` where it is about none. */
      readonly task: ClaimKey;
      /** Texts of any length that are in it. */
      readonly texts: readonly TextPlace[];
    }
  /** Nobody would read it; why, for the log. */
  | { readonly kind: 'ignored'; readonly reason: string }
  /** The name of the event is not signed, and this is the payload of another one. */
  | { readonly kind: 'other-event'; readonly reason: string };

/**
 * A webhook's payload cut to what is read of it later, so that what is queued is small, holds nothing of anybody without need,
 * and no address that somebody might follow. `repository`: the one that the payload names, `octo/slug`.
 */
export function cutPayload(event: string, payload: JsonObject, repository: string): CutPayload {
  const fields = Object.hasOwn(readFields, event) ? readFields[event] : undefined;
  if (fields === undefined) return { kind: 'ignored', reason: `nothing is kept of ${event} events` };
  const { has, never = [] } = shapes[event] ?? {};
  const fits = (has === undefined || payload[has] !== undefined) && never.every((name) => payload[name] === undefined);
  if (!fits) return { kind: 'other-event', reason: `the payload is none of the event ${event}` };
  const reason = uselessAction(event, payload['action']) ?? uselessCheck(event, payload) ?? uselessPush(event, payload);
  if (reason !== undefined) return { kind: 'ignored', reason };

  const cut = keepFields(payload, fields);
  const texts: TextPlace[] = [];
  for (const at of Object.keys(fields).filter((name) => holdsIssue(fields, name))) {
    const issue = cut[at];
    if (!isObject(issue)) continue;
    const end = `${at}_repo` in fields ? repositoryOfEnd(payload, at) : undefined;
    if (end?.byAddress === true) cut[at] = { ...issue, repository_url: `/repos/${end.repository}` };
    texts.push(...issueText(at, issue, end?.repository ?? repository));
  }
  texts.unshift(...wordsOf(event, cut, repository));
  return { kind: 'cut', payload: cut, task: taskOf(event, cut, repository), texts };
}

/** What somebody wrote besides the issue itself. */
function wordsOf(event: string, cut: JsonObject, repository: string): readonly TextPlace[] {
  const at = event === 'pull_request_review' ? 'review' : 'comment';
  const words = cut[at];
  const id = isObject(words) ? words['id'] : undefined;
  if (typeof id !== 'number') return [];
  const pull = isObject(cut['pull_request']) ? cut['pull_request']['number'] : undefined;
  if (typeof pull !== 'number') return [{ at, repository, of: { kind: 'comment', id } }];
  return [{ at, repository, of: { kind: at === 'review' ? 'review' : 'line-comment', pull, id } }];
}

/** Members by which payloads that share others are told apart. */
const shapes: Readonly<Record<string, { readonly has?: string; readonly never?: readonly string[] }>> = {
  issues: { has: 'issue', never: ['comment'] },
  issue_comment: { has: 'comment' },
  pull_request: { has: 'pull_request', never: ['comment', 'review', 'thread'] },
  pull_request_review: { has: 'review', never: ['comment', 'thread'] },
  pull_request_review_comment: { has: 'comment', never: ['issue', 'review', 'thread'] },
  check_run: { has: 'check_run' },
  status: { has: 'branches', never: ['issue', 'comment', 'check_run', 'workflow_run', 'pull_request'] },
  workflow_run: { has: 'workflow_run' },
  push: { has: 'ref', never: ['ref_type'] },
  issue_dependencies: { never: ['issue', 'sub_issue', 'parent_issue'] },
  sub_issues: { never: ['issue', 'blocked_issue', 'blocking_issue'] },
};

/** Actions of which the readers say "unrelated" whatever else is in the payload. */
function uselessAction(event: string, action: unknown): string | undefined {
  if (typeof action !== 'string') return undefined;
  const told = `nothing is kept of the action ${action.slice(0, 60)}`;
  switch (event) {
    case 'workflow_run':
    case 'check_run':
      return action === 'completed' ? undefined : told;
    case 'pull_request_review':
      return action === 'submitted' ? undefined : told;
    case 'pull_request_review_comment':
      return action === 'created' ? undefined : told;
    case 'issue_dependencies':
    case 'sub_issues':
      return /_(?:added|removed)$/.test(action) ? undefined : told;
    case 'repository_dispatch':
      return action === dispatchType ? undefined : told;
    default:
      return undefined;
  }
}

/** Most checks are of branches that no agent made, and nobody waits for those. */
function uselessCheck(event: string, payload: JsonObject): string | undefined {
  if (event === 'status') return uselessStatus(payload);
  if (event !== 'check_run') return undefined;
  const run = payload['check_run'];
  const suite = isObject(run) ? run['check_suite'] : undefined;
  const branch = isObject(suite) ? suite['head_branch'] : undefined;
  return typeof branch === 'string' && !couldBeAgents(branch) ? 'the check is of no branch of an agent' : undefined;
}

function uselessStatus({ state, branches }: JsonObject): string | undefined {
  if (state === 'pending') return 'the status is not over';
  if (!Array.isArray(branches)) return undefined;
  const names = branches.map((branch) => memberOf(branch, 'name'));
  const isAgents = names.some((name) => typeof name !== 'string' || couldBeAgents(name));
  return isAgents ? undefined : 'the status is of no branch of an agent';
}

/** Agents' own branches are no base of anything, nor are tags. */
function uselessPush(event: string, { ref, deleted }: JsonObject): string | undefined {
  if (event !== 'push' || typeof ref !== 'string') return undefined;
  const isBase = /^refs\/heads\/./.test(ref) && deleted !== true && !couldBeAgents(ref);
  return isBase ? undefined : 'the push is to no branch that could be a base';
}

function holdsIssue(fields: Fields, name: string): boolean {
  const kept = fields[name];
  return typeof kept === 'object' && 'number' in kept;
}

/**
 * Issues that depend on each other may be of two repositories, told by the address of one's API or beside the issue. Of the
 * address only the name is kept; an event about one issue is about the repository that it names.
 */
function repositoryOfEnd(
  payload: JsonObject,
  at: string,
): { readonly repository: string; readonly byAddress: boolean } | undefined {
  const [issue, beside] = [payload[at], payload[`${at}_repo`]];
  const url = isObject(issue) ? issue['repository_url'] : undefined;
  const named = typeof url === 'string' ? /\/repos\/([^/]+\/[^/]+)$/.exec(url)?.[1] : undefined;
  if (named !== undefined) return { repository: named, byAddress: true };
  const name = isObject(beside) ? beside['full_name'] : undefined;
  return typeof name === 'string' ? { repository: name, byAddress: false } : undefined;
}

function issueText(at: string, issue: JsonObject, repository: string): readonly TextPlace[] {
  const number = issue['number'];
  return typeof number === 'number' ? [{ at, repository, of: { kind: 'issue', number } }] : [];
}

function taskOf(event: string, cut: JsonObject, repository: string): ClaimKey {
  const whole = `github/${repository}`.toLowerCase();
  const [kind, number] = subjectOf(event, cut);
  return typeof number === 'number' && Number.isSafeInteger(number) && number > 0
    ? `${whole}/${kind}/${number}`
    : whole;
}

function subjectOf(event: string, cut: JsonObject): readonly ['issues' | 'pulls', unknown] {
  const issue = cut['issue'];
  const asked = cut['client_payload'];
  switch (event) {
    case 'issues':
    case 'issue_comment':
      return isObject(issue) ? [isObject(issue['pull_request']) ? 'pulls' : 'issues', issue['number']] : ['issues', 0];
    case 'pull_request':
    case 'pull_request_review':
    case 'pull_request_review_comment':
      return ['pulls', isObject(cut['pull_request']) ? cut['pull_request']['number'] : 0];
    case 'repository_dispatch':
      return ['issues', isObject(asked) ? Number(String(asked['issue']).trim().replace('#', '')) : 0];
    default:
      return ['issues', 0];
  }
}
