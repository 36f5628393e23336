import type { IssueText } from '../domain/embedded-run.ts';
import { taskRole } from '../domain/roles/role.ts';
import { coder } from '../domain/roles/shipped-roles.ts';
import { taskNetwork } from '../domain/sandbox-network.ts';
import { budgetOf, patchPolicyOf, type Settings, toolPolicyOf } from '../domain/settings.ts';
import type { Task } from '../domain/task.ts';
import { version } from './version.ts';

export interface LocalTaskRequest {
  readonly runId: string;
  readonly text: IssueText;
  readonly repositoryName: string;
  readonly baseSha: string;
  readonly baseBranch: string;
  readonly settings: Settings;
  readonly instructions: Task['instructions'];
  readonly now: number;
}

/** A task of somebody at their own machine: no GitHub, no claim, no comment; issue number 0 says so. */
export function localTask(request: LocalTaskRequest): Task {
  const { runId, text, settings, now } = request;
  const at = new Date(now).toISOString();
  const tools = toolPolicyOf(settings);
  return {
    schema: 1,
    runId,
    attempt: 1,
    agent: { id: `coder/${runId}`, role: 'coder', version, model: settings.model },
    work: 'change',
    role: taskRole(coder),
    repository: { owner: 'local', name: request.repositoryName },
    issue: {
      number: 0,
      title: text.title,
      body: text.body,
      author: 'you',
      state: 'open',
      locked: false,
      isPullRequest: false,
      labels: [],
      url: '',
      createdAt: at,
      updatedAt: at,
      comments: [],
    },
    command: { name: 'fix', options: {} },
    requestedBy: { login: 'you', permission: 'admin' },
    base: { branch: request.baseBranch, sha: request.baseSha },
    lease: { key: `local/${runId}`, leaseId: runId, fence: 0, expiresAt: now + settings.maxMinutes * 60_000 },
    trackingCommentId: 0,
    budget: budgetOf(settings),
    patchPolicy: patchPolicyOf(settings),
    ...(tools && { tools }),
    ...(settings.setup === undefined ? {} : { setupCommand: settings.setup }),
    ...(settings.test === undefined ? {} : { testCommand: settings.test }),
    instructions: request.instructions,
    ...(settings.prompt === undefined ? {} : { prompt: settings.prompt }),
    network: taskNetwork(settings),
    env: settings.sandboxEnv,
    prices: settings.prices,
    draft: settings.draft,
    branchPrefix: settings.branchPrefix,
    ...(settings.requiredSandbox === undefined ? {} : { sandboxRequired: settings.requiredSandbox }),
    links: { issue: '' },
    admittedAt: now,
  };
}
