import type { AgentIdentity } from '../../src/domain/agent-identity.ts';
import { nothing } from '../../src/domain/coordination/amounts.ts';
import type { AgentMessage } from '../../src/domain/coordination/message.ts';
import type { RunRecord } from '../../src/domain/coordination/run-record.ts';
import { taskKeyOf } from '../../src/domain/coordination/task-key.ts';
import type { MirroredIssue } from '../../src/domain/coordination/task-record.ts';

export function sampleAgent(name: string, more: Partial<AgentIdentity> = {}): AgentIdentity {
  return { id: `coder/${name}`, role: 'coder', version: '0.1.0', model: 'scripted', ...more };
}

export function sampleIssue(number: number, more: Partial<MirroredIssue> = {}): MirroredIssue {
  return {
    repository: 'Octo/slug',
    number,
    kind: 'issue',
    title: `Issue ${number}`,
    body: 'It fails.',
    author: 'mona',
    forgeState: 'open',
    labels: ['bug'],
    assignees: [],
    comments: 0,
    createdAt: 1_000 + number,
    updatedAt: 2_000,
    ...more,
  };
}

export const sampleKey = (number: number): string => taskKeyOf(sampleIssue(number));

export function sampleRun(id: string, more: Partial<RunRecord> = {}): Omit<RunRecord, 'version'> {
  return {
    schema: 1,
    id,
    task: sampleKey(1),
    attempt: 1,
    agent: sampleAgent(id),
    state: 'queued',
    leaseId: `lease-${id}`,
    fence: 1,
    startedAt: 5_000,
    heartbeatAt: 5_000,
    progressAt: 5_000,
    progress: { stage: 'claimed', share: 0 },
    spent: nothing,
    ...more,
  };
}

export function sampleMessage(id: string, more: Partial<AgentMessage> = {}): AgentMessage {
  return {
    schema: 1,
    id,
    type: 'review-requested',
    task: sampleKey(1),
    from: 'coder/1',
    to: 'reviewer',
    sentAt: 6_000,
    body: { pullRequest: 7 },
    ...more,
  };
}
