import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { watchedSteps } from '../../src/runtime/embedded-life.ts';
import { settingSources } from '../../src/runtime/setting-sources.ts';

interface Action {
  readonly inputs?: Readonly<Record<string, { readonly default?: string; readonly required: boolean }>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly steps: readonly Step[];
  readonly outputs?: Readonly<Record<string, string>>;
}

interface Workflow {
  readonly on: {
    readonly workflow_call: { readonly inputs: object; readonly secrets: object; readonly outputs: object };
  };
  readonly jobs: Readonly<Record<string, Job>>;
}

const action = (name: string): Action => parse(readFileSync(`actions/${name}/action.yml`, 'utf8'));
const namesOf = (record: object | undefined): string[] => Object.keys(record ?? {}).sort();
const settingInputs = Object.values(settingSources).map(({ input }) => input);

describe.each(['agent.yml', 'agent-coordinated.yml', 'agent-dispatched.yml'])('.github/workflows/%s', (file) => {
  const text = readFileSync(`.github/workflows/${file}`, 'utf8');
  const workflow: Workflow = parse(text);
  const ownSteps = Object.values(workflow.jobs).flatMap(({ steps }) =>
    steps.flatMap((step) => {
      const name = /^\.\/\.entropy-playground\/actions\/([a-z-]+)$/.exec(step.uses ?? '')?.[1];
      return name === undefined ? [] : [{ name, step }];
    }),
  );

  it('has the steps that a watcher of a local run is told about', () => {
    const names = Object.values(workflow.jobs).flatMap(({ steps }) => steps.map(({ name }) => name));
    const { gate, ...others } = watchedSteps;
    const first = file === 'agent-dispatched.yml' ? 'Pick the run up' : gate;
    expect(names).toEqual(expect.arrayContaining([first, ...Object.values(others)]));
  });

  it('uses each of our actions that it is made of', () => {
    expect([...new Set(ownSteps.map(({ name }) => name))]).toEqual(['gate', 'setup-sandbox', 'agent', 'publish']);
  });

  it.each(ownSteps)('gives $name only inputs that it has, and all that it requires', ({ name, step }) => {
    const { inputs = {} } = action(name);
    const given = namesOf(step.with);
    expect(namesOf(inputs)).toEqual(expect.arrayContaining(given));
    const needed = Object.entries(inputs).filter(([, input]) => input.required);
    expect(given).toEqual(expect.arrayContaining(needed.map(([input]) => input)));
  });

  it('hands every input of the gate on, so that none of them does nothing', () => {
    const gate = ownSteps.find(({ name }) => name === 'gate');
    // Only a job that may identify itself can use a coordinator; where that one dispatches, it has the settings already.
    const ofDispatch = ['code-token', 'run', 'traceparent'];
    const all = namesOf(action('gate').inputs);
    const usable = {
      'agent.yml': all.filter((input) => input !== 'coordinator-url' && !ofDispatch.includes(input)),
      'agent-coordinated.yml': all.filter((input) => !ofDispatch.includes(input)),
      'agent-dispatched.yml': all.filter(
        (input) => ['coordinator-url', 'github-token', ...ofDispatch].includes(input) && !settingInputs.includes(input),
      ),
    }[file];
    expect(namesOf(gate?.step.with)).toEqual(usable);
  });

  it('has no input and no secret that no step uses', () => {
    const { inputs, secrets } = workflow.on.workflow_call;
    const unused = namesOf(inputs).filter((input) => !text.includes(`inputs.${input} }}`));
    expect(unused).toEqual([]);
    expect(namesOf(secrets).filter((secret) => !text.includes(`secrets.${secret} }}`))).toEqual([]);
  });

  it('reads only outputs that the step has', () => {
    const read = [...text.matchAll(/steps\.([a-z]+)\.outputs\.([a-z0-9-]+)/g)];
    expect(read.length).toBeGreaterThan(10);
    for (const [, id = '', output = ''] of read) expect(namesOf(action(id).outputs)).toContain(output);
  });

  it('tells outside only what a job tells', () => {
    const told = [
      ...JSON.stringify(workflow.on.workflow_call.outputs).matchAll(/jobs\.([a-z]+)\.outputs\.([a-z0-9-]+)/g),
    ];
    expect(told.length).toBeGreaterThan(5);
    for (const [, job = '', output = ''] of told) expect(namesOf(workflow.jobs[job]?.outputs)).toContain(output);
  });
});

describe('actions/', () => {
  it.each(['gate', 'coder'])('%s takes only settings that the program knows, besides its own inputs', (name) => {
    const own = [
      'run',
      'traceparent',
      'code-token',
      'coordinator-url',
      'github-token',
      'anthropic-api-key',
      'anthropic-base-url',
      'workspace',
      'dry-run',
      'command',
      'issue',
      'title',
    ];
    const settings = namesOf(action(name).inputs).filter((input) => !own.includes(input));
    expect(settings.length).toBeGreaterThan(15);
    expect(settingInputs).toEqual(expect.arrayContaining(settings));
  });

  it('coder takes every setting that the gate takes, for it is a gate as well', () => {
    const taken = namesOf(action('gate').inputs).filter(
      (input) => !['run', 'traceparent', 'code-token'].includes(input),
    );
    expect(namesOf(action('coder').inputs)).toEqual(expect.arrayContaining(taken));
  });

  it('coder tells all that publish tells', () => {
    expect(namesOf(action('coder').outputs)).toEqual(expect.arrayContaining(namesOf(action('publish').outputs)));
  });
});
