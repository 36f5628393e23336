import { describe, expect, it } from 'vitest';
import type { Task } from '../../../src/domain/task.ts';
import type { Admission } from '../../../src/flows/gate.ts';
import { gateFixture } from './admit-event.fixture.ts';

function taskOf(admission: Admission): Task {
  if (admission.kind !== 'admitted') throw new Error(JSON.stringify(admission));
  return admission.task;
}

const file = '.github/agents/security-reviewer.md';
const role = `---
description: reviews for security
results: [review]
model: claude-sonnet-5
budget: { max-turns: 7, max-cost-usd: 50 }
tools: { denied: [bash] }
---
Look for holes.
`;

describe('a role', () => {
  it('of the repository’s own is read from the default branch and narrows what there is', async () => {
    const at = gateFixture({ files: { [file]: role } });
    const pull = at.openPull({ branch: 'feature', files: { [file]: role.replace('holes', 'nothing') } });
    const task = taskOf(await at.admit(at.commentEvent('/agent review --role security-reviewer', 'bob', pull)));
    expect(task).toMatchObject({
      role: { name: 'security-reviewer', instructions: 'Look for holes.' },
      agent: { role: 'security-reviewer', model: 'claude-sonnet-5' },
      budget: { maxTurns: 7, maxCostMicroUsd: 2_000_000 },
      tools: { deniedTools: ['bash'] },
    });
  });

  it.each([
    ['--model', '/agent review --role security-reviewer --model claude-opus-4-8', 'claude-opus-4-8'],
    ['roles.models', '/agent review --role security-reviewer', 'claude-haiku-4-5'],
  ])('works with the model of %s over that of its file', async (_name, text, model) => {
    const settings = { roleModels: { 'security-reviewer': 'claude-haiku-4-5' } };
    const at = gateFixture({ files: { [file]: role }, settings });
    const pull = at.openPull({ branch: 'feature' });
    expect(taskOf(await at.admit(at.commentEvent(text, 'bob', pull))).agent.model).toBe(model);
  });

  it('is asked for by its label, and does what it does first', async () => {
    const at = gateFixture({ files: { [file]: role } });
    const pull = at.openPull({ branch: 'feature' });
    const sender = { login: 'bob', kind: 'user' } as const;
    const label = (name: string, issue: number) =>
      at.admit({ kind: 'label', issue: issue === 1 ? at.issueInEvent() : at.pullInEvent(issue), label: name, sender });
    expect(taskOf(await label('agent:security-reviewer', pull))).toMatchObject({ work: 'review' });
    expect(taskOf(await label('agent:issue-reader', 1))).toMatchObject({ work: 'triage', command: { name: 'triage' } });
  });

  it('whose file is broken is not replaced by the wide one', async () => {
    const at = gateFixture({ files: { '.github/agents/reviewer.md': 'no front matter' } });
    const pull = at.openPull({ branch: 'feature' });
    expect(await at.admit(at.commentEvent('/agent review', 'bob', pull))).toMatchObject({ reason: 'configuration' });
    expect(at.written().at(-1)).toContain('E101');
  });

  it.each([
    ['roles.allowed', { allowedRoles: ['coder'] }, '/agent triage', 'issue-reader'],
    [
      'models.allowed',
      { allowedModels: ['claude-opus-*'], roleModels: { coder: 'claude-haiku-4-5' } },
      '/agent fix',
      'haiku',
    ],
  ])('that %s does not have is refused', async (_name, settings, text, told) => {
    const at = gateFixture({ settings });
    expect(await at.admit(at.commentEvent(text, 'alice'))).toMatchObject({ reason: 'policy' });
    expect(at.written().at(-1)).toContain(told);
  });
});
