import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { actionProblems, workflowProblems } from '../../scripts/workflow-rules.ts';
import { dispatchedWorkflowText } from '../../src/domain/dispatched-workflow-text.ts';
import { workflowText } from '../../src/domain/workflow-text.ts';

const read = (file: string): string => readFileSync(file, 'utf8');
const workflows = globSync('.github/workflows/*.{yml,yaml}').sort();
const actions = globSync('{actions,.github/actions}/*/action.{yml,yaml}').sort();
const examples = globSync('examples/workflows/*.yml').sort();
const coordinatorUrl = 'https://agents.example.com';
const words = { labelTrigger: 'agent', triggerPhrase: '/agent' };

/** What `init` and `deploy` write into repositories of others. */
const templates: Readonly<Record<string, string>> = {
  'three jobs': workflowText({ form: 'three-jobs', ...words }),
  'one step': workflowText({ form: 'one-step', ...words }),
  'three jobs with a coordinator': workflowText({ form: 'three-jobs', ...words, coordinatorUrl }),
  'one step with a coordinator': workflowText({ form: 'one-step', ...words, coordinatorUrl }),
  dispatched: dispatchedWorkflowText({ coordinatorUrl, place: 'own-repository' }),
  'dispatched, central': dispatchedWorkflowText({ coordinatorUrl, place: 'central' }),
};

/** Workflows that people copy from our pages; `pasted` are the whole ones. */
const shownJobs = ['README.md', ...globSync('docs/*.md'), ...globSync('examples/**/*.md')].sort().flatMap((file) =>
  [...read(file).matchAll(/```ya?ml\n([\s\S]*?)```/g)]
    .map(([, text = '']) => text)
    .filter((text) => /^jobs:/m.test(text))
    .map((text, at) => [`${file}, ${at + 1}`, text] as const),
);
const pasted = shownJobs.filter(([, text]) => /^on:/m.test(text));

type Grants = Readonly<Record<string, 'read' | 'write' | 'none'>>;

interface CallingJob {
  readonly uses?: string;
  readonly permissions?: Grants;
}

/** What jobs of a workflow of ours ask for, and a job that calls it does not have. */
function notGranted(text: string): readonly string[] {
  const { jobs, permissions = {} } = parse(text);
  return Object.values<CallingJob>(jobs).flatMap(({ uses = '', permissions: granted = permissions }) => {
    const file = /\.github\/workflows\/(agent[a-z-]*\.yml)@/.exec(uses)?.[1];
    if (file === undefined) return [];
    const called = Object.values<CallingJob>(parse(read(`.github/workflows/${file}`)).jobs);
    return called.flatMap(({ permissions: asked = {} }) =>
      Object.entries(asked)
        .filter(([name, level]) => granted[name] !== 'write' && granted[name] !== level)
        .map(([name, level]) => `${file} asks for ${name}: ${level}`),
    );
  });
}

describe('a job of ours has the rights and secrets that it needs, and runs pinned code', () => {
  it('and there is something to look at', () => {
    expect([workflows.length, actions.length, pasted.length].every((count) => count > 0)).toBe(true);
    expect(workflows).toEqual(expect.arrayContaining(['.github/workflows/agent.yml', '.github/workflows/ci.yml']));
    expect(actions.length).toBeGreaterThanOrEqual(5);
  });

  it.each(workflows)('in %s', (file) => expect(workflowProblems(read(file))).toEqual([]));
  it.each(examples)('in %s', (file) => expect(workflowProblems(read(file))).toEqual([]));
  it.each(actions)('in %s', (file) => expect(actionProblems(read(file))).toEqual([]));
  it.each(Object.entries(templates))('in what is written for others: %s', (_, text) =>
    expect(workflowProblems(text)).toEqual([]),
  );
  it.each(pasted)('in what is copied from %s', (_, text) => expect(workflowProblems(text)).toEqual([]));

  const callers = [...Object.entries(templates), ...shownJobs, ...examples.map((file) => [file, read(file)] as const)];
  it.each(callers)('and whoever calls ours grants what its jobs ask for, or GitHub starts none: %s', (_, text) =>
    expect(notGranted(text)).toEqual([]),
  );

  it.each(['agent.yml', 'agent-coordinated.yml', 'agent-dispatched.yml'])(
    'in %s the job of the agent reads, writes nothing, cannot identify itself, and hands over three files by name',
    (file) => {
      const { agent } = parse(read(`.github/workflows/${file}`)).jobs;
      expect(agent.permissions).toEqual({ contents: 'read' });
      const upload = agent.steps.at(-1);
      expect(upload.with.path.trim().split('\n')).toEqual([
        'entropy-result/fault.json',
        'entropy-result/result.json',
        'entropy-result/trajectory.jsonl',
      ]);
      // Nothing leaves that was not looked through.
      expect(upload.if).toBe("always() && steps.check.outcome == 'success'");
      expect(agent.steps.find(({ id }: { id?: string }) => id === 'check').with.stage).toBe('check');
    },
  );
});

const agent = read('.github/workflows/agent.yml');
const agentRights = '    permissions:\n      contents: read # checks the code out; nothing in this job can write\n';
const key = `          anthropic-api-key: \${{ secrets.anthropic-api-key }}\n`;
const pin = /actions\/download-artifact@[0-9a-f]{40} # \S+/;

/** Each is one line of carelessness in the workflow that we ship. */
const faults: readonly (readonly [string, (text: string) => string, string])[] = [
  [
    'a write scope',
    (text) => text.replace(agentRights, `${agentRights}      issues: write\n`),
    "agent's job has issues: write",
  ],
  [
    'a wider scope',
    (text) => text.replace(agentRights, agentRights.replace('read', 'write')),
    "agent's job has contents: write",
  ],
  [
    'OIDC',
    (text) => text.replace(agentRights, `${agentRights}      id-token: write\n`),
    "agent's job has id-token: write",
  ],
  ['all rights', (text) => text.replace(agentRights, '    permissions: write-all\n'), 'says not which rights'],
  ['no word on rights', (text) => text.replace(agentRights, ''), 'says not which rights'],
  [
    'rights for all jobs',
    (text) => text.replace('permissions: {}', 'permissions:\n  contents: write'),
    'gives rights to all',
  ],
  [
    'another secret',
    (text) => text.replace(key, `${key}          npm: \${{ secrets.NPM_TOKEN }}\n`),
    'the secret NPM_TOKEN',
  ],
  ['all secrets', (text) => text.replace(key, `${key}          x: \${{ toJSON(secrets) }}\n`), 'the secret (all)'],
  ['the token', (text) => text.replace(key, `${key}          t: \${{ github.token }}\n`), 'the secret github.token'],
  [
    'the key in the set-up',
    (text) => text.replace('          stage: setup\n', `          stage: setup\n${key}`),
    'in a step that does not need it',
  ],
  ['a moved tag', (text) => text.replace(pin, 'actions/download-artifact@v8'), 'which is no commit'],
  ['a branch', (text) => text.replace(pin, 'somebody/action@main'), 'which is no commit'],
  ['an image by name', (text) => text.replace(pin, 'docker://alpine:3'), 'which is no commit'],
  [
    'a kept token',
    (text) => text.replace('persist-credentials: false', 'persist-credentials: true'),
    'leaves its token',
  ],
  [
    'an expression in a script',
    (text) => text.replace('run: rm -rf workspace/.git base/.git', `run: echo "\${{ github.event.issue.title }}"`),
    'an expression stands in a script',
  ],
  [
    'a dangerous trigger',
    (text) => text.replace('on:\n', 'on:\n  pull_request_target:\n'),
    'starts on pull_request_target',
  ],
  [
    'a cache',
    (text) =>
      text.replace(
        '      - name: Prepare the sandbox\n',
        `      - uses: actions/cache@${'a'.repeat(40)}\n      - name: x\n`,
      ),
    'uses a cache',
  ],
  [
    'a script beside the token that writes',
    (text) => text.replace('      - id: publish\n', '      - run: npm test\n      - id: publish\n'),
    'a job that writes runs a script',
  ],
  [
    'the key beside the token that writes',
    (text) => text.replace('          agent-job: ', `${key}          agent-job: `),
    'a job that writes has a secret besides its token',
  ],
  [
    'a secret for all jobs',
    (text) => text.replace('permissions: {}', `permissions: {}\nenv:\n  K: \${{ secrets.K }}`),
    'of all jobs',
  ],
];

describe('a planted fault is told', () => {
  it.each(faults)('%s', (_, plant, told) => {
    const planted = plant(agent);
    expect(planted).not.toBe(agent);
    expect(workflowProblems(planted)).toEqual(expect.arrayContaining([expect.stringContaining(told)]));
  });

  it.each([
    [
      'all secrets passed on',
      (text: string) => text.replace(/ {4}secrets:\n[\s\S]*$/, '    secrets: inherit\n'),
      'inherit',
    ],
    [
      'a right too many',
      (text: string) => text.replace('      issues: write', '      packages: write\n      issues: write'),
      'packages',
    ],
    ['another secret passed on', (text: string) => `${text}      github-token: \${{ secrets.PAT }}\n`, 'github-token'],
  ])('in what is written for others: %s', (_, plant, told) => {
    const text = templates['three jobs'] ?? '';
    expect(plant(text)).not.toBe(text);
    expect(workflowProblems(plant(text)).join('\n')).toContain(told);
  });

  it('in an action', () => {
    const composite = read('actions/setup-sandbox/action.yml');
    expect(actionProblems(composite.replace('using: composite', 'using: docker')).join()).toContain('docker');
    const step = '  steps:\n    - uses: actions/cache@v4\n      shell: bash\n';
    expect(actionProblems(composite.replace('  steps:\n', step)).join()).toContain('no commit');
  });
});
