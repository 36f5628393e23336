import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { dispatchedWorkflowText } from '../../../src/domain/dispatched-workflow-text.ts';
import { parseRemoteUrl } from '../../../src/domain/remote-url.ts';
import { workflowText } from '../../../src/domain/workflow-text.ts';
import type { SandboxAvailability, SandboxProvider } from '../../../src/ports/sandbox.ts';
import { type CheckResult, examine } from '../../../src/runtime/doctor.ts';
import type { DoctorWorld, GitHubAnswer } from '../../../src/runtime/doctor-world.ts';

function provider(rung: 'bubblewrap' | 'unshare', availability: SandboxAvailability): SandboxProvider {
  return { rung, probe: async () => availability, open: () => Promise.reject(new Error('not opened by a probe')) };
}

function remoteOf(url: string) {
  const parsed = parseRemoteUrl(url);
  return parsed.kind === 'forge' ? parsed : undefined;
}

const there: SandboxAvailability = { kind: 'available', version: '0.8.0' };
const absent: SandboxAvailability = { kind: 'unavailable', reason: 'not installed', fix: 'apt-get install bubblewrap' };
const workflow = workflowText({ form: 'three-jobs', labelTrigger: 'agent', triggerPhrase: '/agent' });

type Answers = Readonly<Record<string, { readonly status?: number; readonly data?: unknown }>>;
const good: Answers = {
  'GET /repos/{owner}/{repo}': { data: { permissions: { push: true, admin: true }, has_issues: true } },
  'GET /repos/{owner}/{repo}/actions/permissions': { data: { enabled: true, allowed_actions: 'all' } },
  'GET /repos/{owner}/{repo}/actions/permissions/workflow': { data: { can_approve_pull_request_reviews: true } },
  'GET /repos/{owner}/{repo}/actions/secrets/{secret_name}': { data: { name: 'ANTHROPIC_API_KEY' } },
  'GET /repos/{owner}/{repo}/rules/branches/{branch}': { data: [{ type: 'non_fast_forward' }] },
  'GET /repos/{owner}/{repo}/labels/{name}': { data: { name: 'agent' } },
};

function world(
  change: Partial<DoctorWorld> = {},
  answers: Answers = good,
  files: Record<string, string> = {},
): DoctorWorld {
  const all: Record<string, string> = {
    '.github/workflows/agent.yml': workflow,
    '.github/entropy.yml': 'test: npm test\n',
    ...files,
  };
  return {
    platform: 'linux',
    nodeVersion: '24.1.0',
    gitVersion: async () => 'git version 2.39.5',
    sandboxes: [provider('bubblewrap', there)],
    probeKey: async () => ({ kind: 'accepted' }),
    repository: { kind: 'found', remote: remoteOf('https://github.com/octo/slug'), defaultBranch: 'main' },
    readText: async (path) => all[path],
    listFolder: async (folder) =>
      Object.keys(all).flatMap((path) => (path.startsWith(`${folder}/`) ? [path.slice(folder.length + 1)] : [])),
    github: async (route): Promise<GitHubAnswer> => {
      const answer = answers[route];
      if (answer === undefined) throw new Error(`no answer is prepared for ${route}`);
      return { status: answer.status ?? 200, data: answer.data, headers: {} };
    },
    hasToken: true,
    githubServerUrl: 'https://github.com',
    ...change,
  };
}

async function results(given: DoctorWorld): Promise<Map<string, CheckResult>> {
  const found = new Map<string, CheckResult>();
  for await (const result of examine(given, new AbortController().signal)) found.set(result.id, result);
  return found;
}

async function only(id: string, given: DoctorWorld): Promise<CheckResult | undefined> {
  return (await results(given)).get(id);
}

describe('doctor', () => {
  it('finds nothing to mend where all is well', async () => {
    const all = [...(await results(world())).values()];
    expect(all.map(({ id, status }) => [id, status])).toEqual(all.map(({ id }) => [id, 'ok']));
    expect(all).toHaveLength(13);
  });

  const coordinatorUrl = 'https://agents.example.com';
  const words = { labelTrigger: 'agent', triggerPhrase: '/agent' } as const;
  it.each([
    ['three jobs', workflow],
    ['one step', workflowText({ form: 'one-step', ...words })],
    ['three jobs with a coordinator', workflowText({ form: 'three-jobs', ...words, coordinatorUrl })],
    ['one step with a coordinator', workflowText({ form: 'one-step', ...words, coordinatorUrl })],
    ['dispatched', dispatchedWorkflowText({ coordinatorUrl, place: 'own-repository' })],
    ['central', dispatchedWorkflowText({ coordinatorUrl, place: 'central' })],
  ])('knows what init writes: %s', async (_form, text) => {
    const found = await only('workflow', world({}, good, { '.github/workflows/agent.yml': text }));
    expect(found).toMatchObject({ status: 'ok' });
    const silent = text.replace('id-token: write', 'id-token: none');
    const lacking = await only('workflow', world({}, good, { '.github/workflows/agent.yml': silent }));
    if (silent !== text)
      expect(lacking).toMatchObject({ status: 'fail', detail: expect.stringMatching(/lacks id-token: write/) });
  });

  it('sees that a dispatched workflow cannot be told its run', async () => {
    const text = dispatchedWorkflowText({ coordinatorUrl, place: 'own-repository' }).replace(
      '      run:\n',
      '      it:\n',
    );
    const found = await only('workflow', world({}, good, { '.github/workflows/agent.yml': text }));
    expect(found).toMatchObject({ status: 'fail', detail: expect.stringMatching(/lacks the inputs run/) });
  });

  it('gives a fix with every finding that is not ok, except for what was not looked at', async () => {
    const bare: DoctorWorld = world(
      {
        nodeVersion: '18.0.0',
        gitVersion: async () => 'git version 2.30.1',
        sandboxes: [provider('bubblewrap', absent), provider('unshare', absent)],
        probeKey: async () => ({ kind: 'rejected', reason: '401' }),
        github: undefined,
        hasToken: false,
      },
      {},
      { '.github/workflows/agent.yml': '', '.github/entropy.yml': 'modle: x\n' },
    );
    for (const { id, status, detail, fix } of (await results(bare)).values()) {
      if (detail === 'not looked at') continue;
      expect([id, status === 'ok' || (fix ?? '').length > 5]).toEqual([id, true]);
    }
  });

  it('says which weaker sandbox is used and why', async () => {
    const found = await only(
      'sandbox',
      world({ sandboxes: [provider('bubblewrap', absent), provider('unshare', there)] }),
    );
    expect(found).toMatchObject({ status: 'warn', fix: 'apt-get install bubblewrap' });
    expect(found?.detail).toContain('bubblewrap: not installed');
  });

  it.each([
    ['contents: write', 'contents: read', /lacks contents: write/],
    [
      '    permissions:',
      '    nothing:',
      /lacks actions: write, checks: read, contents: write, issues: write, pull-requests: write, statuses: read/,
    ],
    ['issue_comment:', 'pull_request_target:', /pull_request_target/],
    ['anthropic-api-key:', 'key:', /passes no anthropic-api-key/],
    ['jobs:', 'jobs: [', /not YAML/],
  ])('finds a workflow where %j became %j', async (before, after, told) => {
    const files = { '.github/workflows/agent.yml': workflow.replace(before, after) };
    expect(await only('workflow', world({}, good, files))).toMatchObject({
      status: 'fail',
      detail: expect.stringMatching(told),
    });
  });

  it('misses every permission that the workflow of init gives', async () => {
    const given: Record<string, string> = parse(workflow).jobs.agent.permissions;
    expect(Object.keys(given).length).toBeGreaterThan(3);
    for (const [scope, level] of Object.entries(given)) {
      const files = {
        '.github/workflows/agent.yml': workflow.replace(`      ${scope}: ${level}`, `      packages: read`),
      };
      const found = await only('workflow', world({}, good, files));
      expect(found?.detail).toContain(`lacks ${scope}: ${level}`);
    }
  });

  it('accepts both forms that init writes', async () => {
    const oneStep = workflowText({ form: 'one-step', labelTrigger: 'agent', triggerPhrase: '/agent' });
    const files = { '.github/workflows/agent.yml': oneStep };
    expect(await only('workflow', world({}, good, files))).toMatchObject({ status: 'ok' });
  });

  const route = (path: string) => `GET /repos/{owner}/{repo}${path}`;
  it.each([
    ['token', route(''), { status: 404 }, 'fail'],
    ['token', route(''), { data: { archived: true } }, 'fail'],
    ['token', route(''), { data: { permissions: { pull: true } } }, 'warn'],
    ['actions', route('/actions/permissions'), { status: 403 }, 'skip'],
    ['actions', route('/actions/permissions'), { data: { enabled: true, allowed_actions: 'local_only' } }, 'fail'],
    [
      'pull-requests',
      route('/actions/permissions/workflow'),
      { data: { can_approve_pull_request_reviews: false } },
      'fail',
    ],
    ['branch-rules', route('/rules/branches/{branch}'), { data: [{ type: 'creation' }] }, 'warn'],
    ['labels', route('/labels/{name}'), { status: 404 }, 'warn'],
  ])('check %s: %s answering %j is %s', async (id, path, answer, status) => {
    expect(await only(id, world({}, { ...good, [path]: answer }))).toMatchObject({ status });
  });

  it('looks for the secret in the organisation when the repository has none', async () => {
    const secret = route('/actions/secrets/{secret_name}');
    const shared = route('/actions/organization-secrets');
    const with1 = {
      ...good,
      [secret]: { status: 404 },
      [shared]: { data: { secrets: [{ name: 'ANTHROPIC_API_KEY' }] } },
    };
    const without = { ...good, [secret]: { status: 404 }, [shared]: { data: { secrets: [] } } };
    expect(await only('secret', world({}, with1))).toMatchObject({ status: 'ok' });
    expect(await only('secret', world({}, without))).toMatchObject({
      status: 'fail',
      fix: 'gh secret set ANTHROPIC_API_KEY',
    });
  });

  it('tells a check that could not be made as a finding and goes on', async () => {
    const broken = world({ gitVersion: () => Promise.reject(new Error('disk on fire')) });
    const all = await results(broken);
    expect(all.get('git')).toMatchObject({ status: 'fail', detail: 'disk on fire' });
    expect(all.get('labels')).toMatchObject({ status: 'ok' });
  });
});

it('fails a policy that is unsafe as a whole, with the line and a way out', async () => {
  const policy = 'test: npm test\ndraft: false\nmerge: auto\nallow-users: [carol]\n';
  expect(await only('config', world({}, good, { '.github/entropy.yml': policy }))).toMatchObject({
    status: 'fail',
    detail: expect.stringContaining('.github/entropy.yml:3:1 merge is auto together with allow-users (carol)'),
    fix: expect.stringContaining('merge: never'),
  });
});
