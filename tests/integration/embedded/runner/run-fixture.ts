import { cpSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createSystemClock } from '../../../../src/adapters/system/system-clock.ts';
import type { JsonObject } from '../../../../src/embedded/runner/json.ts';
import type { Permissions } from '../../../../src/embedded/runner/plan/permissions.ts';
import type { CheckoutRequest, RunWorkflowOptions, WorkflowFile } from '../../../../src/embedded/runner/run-options.ts';
import type { JobReport, StepReport, WorkflowRunReport } from '../../../../src/embedded/runner/run-report.ts';
import { runWorkflow } from '../../../../src/embedded/runner/run-workflow.ts';
import type { RunnerEvent } from '../../../../src/embedded/runner/runner-event.ts';
import { type TempFolder, tempFolder } from '../../../fakes/temp-folder.ts';

export const fixtures = path.resolve(import.meta.dirname, '../../../fixtures/workflows');

export const comment: JsonObject = {
  action: 'created',
  comment: { id: 7, body: '/agent fix', user: { login: 'alice' } },
  issue: { number: 1 },
};

const identity = { repository: 'octo/slug', sha: 'a'.repeat(40), ref: 'refs/heads/main' };

export interface FixtureRun extends Disposable {
  /** What the actions `record` and `stubborn` wrote down so far. */
  notes(): readonly { note: string; cwd: string; pid: number; env: Record<string, string>; event: JsonObject }[];
  readonly events: readonly RunnerEvent[];
  readonly minted: readonly { job: string; permissions: Permissions }[];
  readonly checkouts: readonly CheckoutRequest[];
  readonly folder: TempFolder;
  /** Runs a workflow: the name of a fixture, or the text of one. */
  run(workflow: string, changes?: Partial<RunWorkflowOptions>): Promise<WorkflowRunReport>;
}

/** A repository whose files are the fixtures, checked out by copying; everything else as a real run has it. */
export function fixtureRun(): FixtureRun {
  const folder = tempFolder({ 'notes.jsonl': '' });
  const events: RunnerEvent[] = [];
  const minted: { job: string; permissions: Permissions }[] = [];
  const checkouts: CheckoutRequest[] = [];
  const notesFile = path.join(folder.root, 'notes.jsonl');
  return {
    folder,
    events,
    minted,
    checkouts,
    notes: () =>
      readFileSync(notesFile, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line)),
    run: (workflow, changes) =>
      runWorkflow({
        workflow: workflowFile(workflow),
        event: { name: 'issue_comment', payload: comment, deliveryId: 'd-1' },
        repository: { owner: 'octo', name: 'slug', id: 11, ownerId: 22 },
        ref: 'refs/heads/main',
        sha: identity.sha,
        actor: { login: 'alice', id: 33 },
        runId: 4711,
        runNumber: 3,
        attempt: 2,
        github: {
          serverUrl: 'http://localhost:1',
          apiUrl: 'http://localhost:1/api/v3',
          graphqlUrl: 'http://localhost:1/api/graphql',
        },
        mintToken: async (request) => {
          minted.push(request);
          return `ghs_token_of_${request.job}`;
        },
        secrets: { 'api-key': 'sk-very-secret' },
        vars: { COLOUR: 'green' },
        tempDir: path.join(folder.root, 'run'),
        resolve: {
          checkout: async (request) => {
            checkouts.push(request);
            cpSync(fixtures, request.path, { recursive: true });
            return { commit: identity.sha };
          },
          action: async (uses) => {
            const [name = ''] = uses.split('@');
            const local = path.join(fixtures, 'actions', path.basename(name));
            return name.startsWith('octo/') && existsSync(local) ? local : undefined;
          },
          workflow: async (uses) => {
            const name = path.basename(uses.split('@')[0] ?? '');
            return existsSync(path.join(fixtures, name)) ? workflowFile(name) : undefined;
          },
        },
        env: { PATH: process.env['PATH'] ?? '', HOME: folder.root, RECORD_FILE: notesFile },
        clock: createSystemClock(),
        signal: new AbortController().signal,
        onEvent: (event) => events.push(event),
        ...changes,
      }),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

/** A text with a newline is the workflow itself; `on` and `runs-on` are what every test would repeat. */
export function workflowFile(workflow: string): WorkflowFile {
  if (!workflow.includes('\n')) {
    return {
      path: `.github/workflows/${workflow}`,
      text: readFileSync(path.join(fixtures, workflow), 'utf8'),
      identity,
    };
  }
  const head = /^on:/m.test(workflow) ? '' : 'on: issue_comment\n';
  return { path: '.github/workflows/inline.yml', text: `${head}${workflow}`, identity };
}

/** A workflow with one job `job` that has these steps (YAML, one list item each, not indented). */
export function oneJob(steps: string, settings = ''): string {
  const indent = (text: string, by: string): string => text.replace(/^(?=.)/gm, by);
  return `jobs:\n  job:\n    runs-on: ubuntu-latest\n${indent(settings, '    ')}\n    steps:\n${indent(steps.trim(), '      ')}\n`;
}

export function jobOf(report: WorkflowRunReport, id = 'job'): JobReport {
  const job = report.jobs.find((candidate) => candidate.id === id);
  if (job === undefined)
    throw new Error(`no job ${id} among ${report.jobs.map((candidate) => candidate.id).join(', ')}`);
  return job;
}

export function stepOf(report: WorkflowRunReport, name: string, job?: string): StepReport {
  const steps = job === undefined ? report.jobs.flatMap((candidate) => candidate.steps) : jobOf(report, job).steps;
  const step = steps.find((candidate) => candidate.name === name);
  if (step === undefined)
    throw new Error(`no step ${name} among ${steps.map((candidate) => candidate.name).join(', ')}`);
  return step;
}

export function conclusions(report: WorkflowRunReport): Record<string, string> {
  return Object.fromEntries(report.jobs.map((job) => [job.id, job.conclusion]));
}
