import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { planWorkflow } from '../../../../src/embedded/runner/plan/plan-workflow.ts';
import type { WorkflowFile } from '../../../../src/embedded/runner/run-options.ts';

const identity = { repository: 'entropy-playground/entropy-playground', sha: 'f'.repeat(40), ref: 'refs/tags/v1' };
const shipped: WorkflowFile = {
  path: '.github/workflows/agent.yml',
  text: readFileSync(path.resolve(import.meta.dirname, '../../../../.github/workflows/agent.yml'), 'utf8'),
  identity,
};
const caller = (permissions: string): WorkflowFile => ({
  path: '.github/workflows/entropy.yml',
  text: `on: issue_comment\njobs:\n  agent:\n    uses: entropy-playground/entropy-playground/.github/workflows/agent.yml@v1\n    permissions: ${permissions}\n    secrets: inherit\n`,
  identity: { repository: 'octo/slug', sha: 'a'.repeat(40), ref: 'refs/heads/main' },
});
const plan = (file: WorkflowFile) =>
  planWorkflow({
    file,
    resolve: { checkout: async () => ({ commit: '' }), action: async () => undefined, workflow: async () => shipped },
    fallback: {},
    caller: undefined,
    depth: 0,
    actions: new Map(),
  });

describe('the workflow that we ship', () => {
  test('needs nothing that the local runner lacks', async () => {
    const { calls } = await plan(caller('write-all'));
    const jobs = calls.get('agent')?.definition.jobs ?? [];
    expect(jobs.map((job) => job.id)).toEqual(['gate', 'agent', 'publish']);
    expect(jobs.flatMap((job) => job.ignored)).toEqual([]);
  });

  test('gives the agent job nothing that can write', async () => {
    const { calls } = await plan(caller('write-all'));
    expect(Object.values(calls.get('agent')?.permissions.get('agent') ?? {})).not.toContain('write');
  });

  test('is refused, with the YAML to add, under a caller that grants too little', async () => {
    await expect(plan(caller('{ contents: write, pull-requests: write }'))).rejects.toMatchObject({
      code: 'E800',
      fix: expect.stringContaining('issues: write'),
    });
  });
});
