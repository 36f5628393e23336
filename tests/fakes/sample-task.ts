import { defaultBudget } from '../../src/domain/budget.ts';
import { defaultPatchPolicy } from '../../src/domain/patch-policy.ts';
import { taskRole } from '../../src/domain/roles/role.ts';
import { coder } from '../../src/domain/roles/shipped-roles.ts';
import type { Task } from '../../src/domain/task.ts';

/** A small, complete task; tests change what they are about. */
export function sampleTask(change: Partial<Task> = {}): Task {
  return {
    schema: 1,
    runId: '01JD0000000000000000000000',
    attempt: 1,
    agent: { id: 'coder/01JD0000000000000000000000', role: 'coder', version: '0.1.0', model: 'list' },
    work: 'change',
    role: taskRole(coder),
    repository: { owner: 'octo', name: 'slug' },
    issue: {
      number: 1,
      title: 'slugify drops the last word',
      body: 'When the limit falls on a separator, `slugify("a b", 2)` gives `a` and not `a-b`.',
      author: 'alice',
      state: 'open',
      locked: false,
      isPullRequest: false,
      labels: ['bug'],
      url: 'https://github.com/octo/slug/issues/1',
      createdAt: '2026-11-01T10:00:00Z',
      updatedAt: '2026-11-01T10:00:00Z',
      comments: [],
    },
    command: { name: 'fix', options: {} },
    requestedBy: { login: 'alice', permission: 'admin' },
    base: { branch: 'main', sha: '1111111111111111111111111111111111111111' },
    lease: { key: 'github/octo/slug/issues/1', leaseId: 'lease-1', fence: 1, expiresAt: 0 },
    trackingCommentId: 1,
    budget: defaultBudget,
    patchPolicy: defaultPatchPolicy,
    instructions: [],
    env: {},
    prices: {},
    draft: false,
    branchPrefix: 'agent/',
    links: { issue: 'https://github.com/octo/slug/issues/1' },
    admittedAt: 0,
    ...change,
  };
}
