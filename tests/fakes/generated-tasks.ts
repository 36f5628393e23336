import type { ClaimRecord } from '../../src/domain/claim.ts';
import { taskKeyOf } from '../../src/domain/coordination/task-key.ts';
import { type MirroredIssue, type TaskView, taskStates } from '../../src/domain/coordination/task-record.ts';
import { sampleAgent } from './coordination-samples.ts';
import { type Draw, drawFrom } from './seeded-numbers.ts';

/** The moment that everything is generated and asked around: not a full second, so that roundings show. */
export const generatedNow = Date.UTC(2026, 10, 21, 12, 34, 56, 789);

/** What occurs in generated tasks; queries that draw from the same find something. */
export const vocabulary = {
  repositories: ['octo/slug', 'Octo/Hello-World', 'acme/tool.js', 'acme/site', 'mona/dotfiles'],
  labels: [
    'bug',
    'Bug fix',
    'help wanted',
    'good first issue',
    'Ärger',
    'ärger',
    'a,b',
    'say "hi"',
    '\u212a-sign',
    '1..2',
  ],
  logins: ['octocat', 'Mona', 'hubot', 'dependabot[bot]', 'defunkt', 'gjtorikian'],
  milestones: ['v1', 'Version 2', 'ÜBERHOLUNG', 'v1..v2', '*'],
  words: ['crash', 'Login', 'memory_leak', 'naïve', 'ÉTÉ', 'slow', 'page', 'e1109ab', 'v2', 'k', '\u212a', 'the', 'a'],
  separators: [' ', ' ', ' ', ' ', '-', ', ', '\n', '…', ': ', ' "', '" '],
  agents: ['01JD', '01JE', 'Zoë'],
} as const;

const dayMs = 86_400_000;

/** Always the same for the same seed. */
export function generatedTasks(count: number, seed: number): readonly TaskView[] {
  const draw = drawFrom(seed);
  const issues = Array.from({ length: count }, (_, index) => generatedIssue(draw, index + 1));
  const keys = issues.map(taskKeyOf);
  const blockers = issues.map((_, index) => (draw.chance(0.8) ? [] : draw.some(keys.slice(0, index).slice(-50), 3)));
  const blocked = new Map<string, string[]>();
  for (const [index, edges] of blockers.entries()) {
    for (const edge of edges) blocked.set(edge, [...(blocked.get(edge) ?? []), keys[index] ?? '']);
  }
  const open = new Set(issues.filter(({ forgeState }) => forgeState === 'open').map(taskKeyOf));
  return issues.map((issue, index) => {
    const key = taskKeyOf(issue);
    const blockedBy = blockers[index] ?? [];
    const openBlockers = blockedBy.filter((blocker) => open.has(blocker)).length;
    return generatedTask(draw, { issue, key, blockedBy, blocks: blocked.get(key) ?? [], openBlockers });
  });
}

function generatedIssue(draw: Draw, number: number): MirroredIssue {
  const closed = draw.chance(0.4);
  const createdAt = moment(draw);
  return {
    repository: draw.one(vocabulary.repositories),
    number,
    kind: draw.chance(0.8) ? 'issue' : 'pull',
    title: text(draw, 6),
    body: text(draw, 40),
    author: draw.one(vocabulary.logins),
    forgeState: closed ? 'closed' : 'open',
    labels: draw.some(vocabulary.labels, 3),
    assignees: draw.some(vocabulary.logins, 2),
    ...(draw.chance(0.5) ? { milestone: draw.one(vocabulary.milestones) } : {}),
    comments: draw.below(12),
    createdAt,
    updatedAt: moment(draw),
    ...(closed ? { closedAt: moment(draw) } : {}),
  };
}

function generatedTask(
  draw: Draw,
  given: Pick<TaskView, 'issue' | 'key' | 'blockedBy' | 'blocks' | 'openBlockers'>,
): TaskView {
  const state = draw.one(taskStates);
  const claim = draw.chance(0.25) ? generatedClaim(draw, given.key) : undefined;
  const startable = given.issue.forgeState === 'open' && given.openBlockers === 0;
  return {
    schema: 1,
    ...given,
    state,
    priority: draw.below(5),
    progress: 0,
    checkpoints: { done: [], next: [] },
    ...(draw.chance(0.4) ? { agent: sampleAgent(draw.one(vocabulary.agents)) } : {}),
    fence: draw.below(4),
    attempts: draw.below(4),
    costMicroUsd: draw.below(5) * 250_000,
    version: 1,
    ...(claim ? { claim } : {}),
    ready: startable && claim === undefined && (state === 'open' || state === 'ready'),
  };
}

export function generatedClaim(draw: Draw, key: string): ClaimRecord {
  const person = draw.chance(0.2);
  const owner = person ? draw.one(vocabulary.logins) : `coder/${draw.one(vocabulary.agents)}`;
  const acquiredAt = generatedNow - draw.below(60) * 60_000;
  return {
    schema: 1,
    key,
    state: 'held',
    holder: {
      owner,
      runId: `run-${draw.below(9)}`,
      kind: person ? 'human' : 'agent',
      reason: 'generated',
      ...(person ? {} : { agent: sampleAgent(draw.one(vocabulary.agents)) }),
    },
    leaseId: `lease-${draw.below(1_000_000)}`,
    fence: 1,
    acquiredAt,
    expiresAt: acquiredAt + 3_600_000,
    ttlMs: 3_600_000,
    ...(draw.chance(0.5) ? { progressAt: acquiredAt + draw.below(30) * 60_000 } : {}),
  };
}

/** Within some weeks, often exactly at midnight, a millisecond before it, or at a full age. */
function moment(draw: Draw): number {
  const midnight = Math.floor(generatedNow / dayMs) * dayMs - draw.below(30) * dayMs;
  switch (draw.below(4)) {
    case 0:
      return midnight;
    case 1:
      return midnight - 1;
    case 2:
      return generatedNow - draw.below(30) * dayMs;
    default:
      return midnight + draw.below(dayMs);
  }
}

function text(draw: Draw, atMost: number): string {
  const words = Array.from({ length: 1 + draw.below(atMost) }, () => draw.one(vocabulary.words));
  return words.map((word) => `${word}${draw.one(vocabulary.separators)}`).join('');
}
