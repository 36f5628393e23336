import { isObject } from '../../domain/json-shape.ts';
import type { JsonObject } from './json-reader.ts';

/** What is kept of an object: `value` a text, number or flag; `each` the entries of a list; fields of its own. */
export type Kept = 'value' | { readonly each: Fields } | Fields;
export interface Fields {
  readonly [name: string]: Kept;
}

const account: Fields = { login: 'value', type: 'value' };
const repository: Fields = { full_name: 'value' };

/** Of an issue or pull request; that there is a `pull_request` is all that counts of it. */
const issue: Fields = {
  number: 'value',
  title: 'value',
  body: 'value',
  state: 'value',
  user: account,
  labels: { each: { name: 'value' } },
  assignees: { each: account },
  milestone: { title: 'value' },
  comments: 'value',
  created_at: 'value',
  updated_at: 'value',
  closed_at: 'value',
  pull_request: 'value',
  draft: 'value',
  head: { sha: 'value', ref: 'value' },
  issue_dependencies_summary: { total_blocked_by: 'value' },
  sub_issues_summary: { total: 'value' },
};

const everyEvent: Fields = { action: 'value', repository, sender: account };

/** What `readForgeEvent` and `readTriggerEvent` read of each event, and nothing else. An event that is not here tells us nothing. */
export const readFields: Readonly<Record<string, Fields>> = {
  issues: { ...everyEvent, issue, label: { name: 'value' }, assignee: account },
  issue_comment: { ...everyEvent, issue, comment: { id: 'value', body: 'value', created_at: 'value' } },
  pull_request: { ...everyEvent, pull_request: issue, label: { name: 'value' } },
  pull_request_review: {
    ...everyEvent,
    pull_request: issue,
    review: { id: 'value', body: 'value', submitted_at: 'value', state: 'value' },
  },
  pull_request_review_comment: {
    ...everyEvent,
    pull_request: issue,
    comment: { id: 'value', body: 'value', created_at: 'value' },
  },
  check_run: {
    ...everyEvent,
    check_run: { head_sha: 'value', conclusion: 'value', check_suite: { head_branch: 'value' } },
  },
  status: {
    ...everyEvent,
    sha: 'value',
    state: 'value',
    branches: { each: { name: 'value', commit: { sha: 'value' } } },
  },
  issue_dependencies: {
    ...everyEvent,
    blocked_issue: issue,
    blocked_issue_repo: repository,
    blocking_issue: issue,
    blocking_issue_repo: repository,
  },
  sub_issues: {
    ...everyEvent,
    parent_issue: issue,
    parent_issue_repo: repository,
    sub_issue: issue,
    sub_issue_repo: repository,
  },
  workflow_run: {
    ...everyEvent,
    workflow_run: {
      id: 'value',
      run_attempt: 'value',
      conclusion: 'value',
      display_title: 'value',
      head_sha: 'value',
      head_branch: 'value',
      head_repository: repository,
    },
  },
  push: { ref: 'value', deleted: 'value', repository, sender: account },
  repository_dispatch: { ...everyEvent, client_payload: { issue: 'value', command: 'value', step: 'value' } },
};

/**
 * The named fields of an object. What has another shape than a reader expects keeps that shape, emptied, so that it is
 * refused for the same reason as before.
 */
export function keepFields(object: JsonObject, fields: Fields): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [name, how] of Object.entries(fields)) {
    if (Object.hasOwn(object, name)) kept[name] = keep(object[name], how);
  }
  return kept;
}

function keep(value: unknown, how: Kept): unknown {
  if (Array.isArray(value)) {
    const entries = typeof how === 'object' && isEach(how) ? how.each : undefined;
    return entries === undefined ? [] : value.map((entry) => keep(entry, entries));
  }
  if (!isObject(value)) return value;
  return how === 'value' || isEach(how) ? {} : keepFields(value, how);
}

function isEach(how: Exclude<Kept, 'value'>): how is { readonly each: Fields } {
  return typeof how['each'] === 'object' && Object.keys(how).length === 1;
}
