import { readFileSync } from 'node:fs';
import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { dispatchedTitle, dispatchInputs } from '../../../src/domain/dispatch/dispatched-title.ts';
import { dispatchedWorkflowText } from '../../../src/domain/dispatched-workflow-text.ts';
import { dispatchedWorkflow } from '../../../src/domain/shipped-workflow.ts';
import { type WorkflowForm, workflowText } from '../../../src/domain/workflow-text.ts';
import { evaluateTemplate } from '../../../src/embedded/runner/expression/evaluate-template.ts';

const shipped = readFileSync('.github/workflows/agent.yml', 'utf8');
const forms: readonly WorkflowForm[] = ['three-jobs', 'one-step'];

function textOf(form: WorkflowForm, words = { labelTrigger: 'agent', triggerPhrase: '/agent' }): string {
  return workflowText({ form, ...words });
}

/** Whether GitHub would start the job for this event, by GitHub's own expressions. */
function starts(condition: string, github: unknown): boolean {
  const { tokens } = new Lexer(condition).lex();
  const tree = new Parser(tokens, ['github'], []).parse();
  const contexts = JSON.parse(JSON.stringify({ github }), data.reviver);
  const result = new Evaluator(tree, contexts).evaluate();
  return result.kind === data.Kind.Boolean && result.value;
}

describe('the workflow that a coordinator starts', () => {
  const coordinatorUrl = 'https://agents.example.com';
  const places = ['own-repository', 'central'] as const;
  const file = readFileSync('.github/workflows/agent-dispatched.yml', 'utf8');

  it.each(places)(
    'in its %s place grants what the jobs ask for, and nothing that writes to the repository',
    (place) => {
      const workflow = parse(dispatchedWorkflowText({ coordinatorUrl, place }));
      expect(workflow.permissions).toEqual({});
      const given = workflow.jobs.agent.permissions;
      expect(given).toEqual({ contents: 'read', 'id-token': 'write' });
      const jobs: readonly { permissions: Record<string, string> }[] = Object.values(parse(file).jobs);
      expect(jobs.map(({ permissions }) => permissions)).toEqual([
        { 'id-token': 'write' },
        { contents: 'read' },
        { 'id-token': 'write' },
      ]);
    },
  );

  it.each(places)('in its %s place takes what is dispatched and hands on only what the shipped one takes', (place) => {
    const workflow = parse(dispatchedWorkflowText({ coordinatorUrl, place, inputs: { 'runs-on': 'large' } }));
    expect(Object.keys(workflow.on.workflow_dispatch.inputs)).toEqual(Object.values(dispatchInputs));
    const { agent } = workflow.jobs;
    expect(agent.uses).toBe(`${dispatchedWorkflow}@v1`);
    expect(Object.keys(parse(file).on.workflow_call.inputs)).toEqual(expect.arrayContaining(Object.keys(agent.with)));
    expect(agent.with).toMatchObject({ 'coordinator-url': coordinatorUrl, 'runs-on': 'large' });
    expect(agent.with.central).toBe(place === 'central' ? true : undefined);
  });

  it('is found by the title that the dispatcher looks for, and runs once for each run', () => {
    const workflow = parse(dispatchedWorkflowText({ coordinatorUrl, place: 'own-repository' }));
    const scope = { contexts: { inputs: { run: '01JD' } }, functions: {} };
    expect(evaluateTemplate(workflow['run-name'], scope)).toBe(dispatchedTitle('01JD'));
    expect(evaluateTemplate(workflow.concurrency.group, scope)).toBe('agent-01JD');
  });
});

describe("the caller's workflow", () => {
  it.each(forms)('as %s gives nothing to all jobs and to its own what the shipped workflow asks for', (form) => {
    const workflow = parse(textOf(form));
    expect(workflow.permissions).toEqual({});
    const given: Record<string, string> = workflow.jobs.agent.permissions;
    const jobs: readonly { permissions: Record<string, string> }[] = Object.values(parse(shipped).jobs);
    for (const { permissions } of jobs) {
      for (const [scope, level] of Object.entries(permissions)) {
        expect([scope, given[scope] === level || given[scope] === 'write']).toEqual([scope, true]);
      }
    }
  });

  it.each(forms)('as %s may identify itself only where there is a coordinator', (form) => {
    const words = { labelTrigger: 'agent', triggerPhrase: '/agent' };
    expect(parse(textOf(form)).jobs.agent.permissions).not.toHaveProperty('id-token');
    const coordinatorUrl = 'https://agents.example.com';
    const { agent } = parse(workflowText({ form, ...words, coordinatorUrl })).jobs;
    expect(agent.permissions).toMatchObject({ 'id-token': 'write' });
    const given = form === 'three-jobs' ? agent.with : agent.steps.at(-1).with;
    expect(given).toMatchObject({ 'coordinator-url': coordinatorUrl });
    if (form === 'three-jobs') expect(agent.uses).toMatch(/\/agent-coordinated\.yml@v1$/);
  });

  it.each(forms)('as %s hears of pushes to the base where no coordinator sweeps', (form) => {
    const words = { labelTrigger: 'agent', triggerPhrase: '/agent' };
    const workflow = parse(workflowText({ form, ...words }));
    expect(workflow.on.push).toEqual({ branches: ['main', 'master'] });
    expect(starts(workflow.jobs.agent.if, { event_name: 'push', event: {} })).toBe(true);
    const coordinated = parse(workflowText({ form, ...words, coordinatorUrl: 'https://agents.example.com' }));
    expect(coordinated.on).not.toHaveProperty('push');
    expect(starts(coordinated.jobs.agent.if, { event_name: 'push', event: {} })).toBe(false);
  });

  it('hears of checks of agents’ branches by the names of the workflows, and of no fork’s', () => {
    const words = { labelTrigger: 'agent', triggerPhrase: '/agent', branchPrefix: 'bots/' };
    const checkWorkflows = ['CI', 'Lint: "all" # of it'];
    const workflow = parse(workflowText({ form: 'three-jobs', ...words, checkWorkflows }));
    expect(workflow.on.workflow_run).toEqual({
      workflows: checkWorkflows,
      types: ['completed'],
      branches: ['bots/**'],
    });
    const ended = (full_name: string) => ({
      event_name: 'workflow_run',
      repository: 'octo/slug',
      event: { workflow_run: { head_repository: { full_name } } },
    });
    expect(starts(workflow.jobs.agent.if, ended('octo/slug'))).toBe(true);
    expect(starts(workflow.jobs.agent.if, ended('mallory/slug'))).toBe(false);
    expect(parse(textOf('three-jobs')).on).not.toHaveProperty('workflow_run');
    const oneJob = parse(workflowText({ form: 'one-step', ...words, checkWorkflows }));
    expect(oneJob.on).not.toHaveProperty('workflow_run');
  });

  it('grants the coordinated workflow all that its jobs ask for', () => {
    const words = { labelTrigger: 'agent', triggerPhrase: '/agent' };
    const coordinatorUrl = 'https://agents.example.com';
    const given = parse(workflowText({ form: 'three-jobs', ...words, coordinatorUrl })).jobs.agent.permissions;
    const jobs: readonly { permissions: Record<string, string> }[] = Object.values(
      parse(readFileSync('.github/workflows/agent-coordinated.yml', 'utf8')).jobs,
    );
    for (const { permissions } of jobs) {
      for (const [scope, level] of Object.entries(permissions)) {
        expect([scope, given[scope] === level || given[scope] === 'write']).toEqual([scope, true]);
      }
    }
  });

  it.each(forms)('as %s pins foreign actions as our own workflows do', (form) => {
    const pins = textOf(form).match(/uses: actions\/\S+ # \S+/g) ?? [];
    expect(pins.length).toBe(form === 'one-step' ? 1 : 0);
    for (const pin of pins) expect(shipped).toContain(pin);
  });

  it('passes only secrets and inputs that the shipped workflow takes', () => {
    const { agent } = parse(textOf('three-jobs')).jobs;
    const { inputs, secrets } = parse(shipped).on.workflow_call;
    expect(Object.keys(secrets)).toEqual(expect.arrayContaining(Object.keys(agent.secrets)));
    expect(Object.keys(inputs)).toEqual(expect.arrayContaining(Object.keys(agent.with ?? {})));
  });

  const comment = (body: string) => ({ event_name: 'issue_comment', event: { comment: { body } } });
  const label = (name: string) => ({ event_name: 'issues', event: { label: { name } } });
  const ours = { repo: { full_name: 'octo/slug' }, ref: 'agent/42/f1-x' };
  const pull = (event_name: string, event: object, head: object = ours) => ({
    ...{ event_name, repository: 'octo/slug', event: { ...event, pull_request: { head } } },
  });
  const theirs = { ...ours, ref: 'feature' };
  const fork = { ...ours, repo: { full_name: 'mallory/slug' } };
  it.each([
    [pull('pull_request', { label: { name: 'agent:reviewer' } }, theirs), true],
    [pull('pull_request', { label: { name: 'bug' } }), false],
    [pull('pull_request', { label: { name: 'agent' } }, fork), false],
    [pull('pull_request_review', { review: { state: 'changes_requested' } }), true],
    [pull('pull_request_review', { review: { state: 'changes_requested' } }, theirs), false],
    [pull('pull_request_review_comment', { comment: { body: 'why?' } }), true],
    [pull('pull_request_review_comment', { comment: { body: 'why?' } }, theirs), false],
    [pull('pull_request_review_comment', { comment: { body: '/agent test' } }, theirs), true],
    [comment('please\n/agent fix'), true],
    [comment('thank you'), false],
    [label('agent'), true],
    [label('agent:coder'), true],
    [label('bug'), false],
    [{ event_name: 'workflow_dispatch', event: {} }, true],
    [{ event_name: 'issues', event: { action: 'opened' } }, false],
  ])('starts a job for %j: %s', (github, expected) => {
    for (const form of forms) expect(starts(parse(textOf(form)).jobs.agent.if, github)).toBe(expected);
  });

  it("keeps a repository's own words inside their strings", () => {
    const words = { labelTrigger: "it's agent' || true || '", triggerPhrase: '/bot' };
    const condition: string = parse(textOf('three-jobs', words)).jobs.agent.if;
    expect(starts(condition, label('bug'))).toBe(false);
    expect(starts(condition, comment('/bot fix'))).toBe(true);
    expect(starts(condition, comment('/agent fix'))).toBe(false);
  });
});
