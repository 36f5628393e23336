import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { GitHubEvent } from '../../src/embedded/github/state/github-event.ts';
import { openStage, type Payload, packageRoot, type Stage } from './stage.ts';

/** What a runner is given: a workflow of `examples/workflows` as it stands there, and what it is started by. */
export interface ExampleRun {
  readonly stage: Stage;
  /** `team.yml` */
  readonly file: string;
  readonly event: { readonly name: string; readonly payload: Payload };
}

export type Execute = (run: ExampleRun) => Promise<{ readonly ok: boolean; readonly log: string }>;

export interface ExampleScene {
  /** Of the test, after "does its work:". */
  readonly title: string;
  readonly files: readonly string[];
  play(execute: Execute): Promise<void>;
}

const fix = 'slug-fix.script.yaml';
export const exampleFolder = path.join(packageRoot, 'examples/workflows');

/** One for each example; some share a repository, for the second begins where the first ended. */
export const exampleScenes: readonly ExampleScene[] = [
  {
    title: 'a label makes a pull request, and a failed check sends its coder again',
    files: ['label-driven-coder.yml', 'ci-doctor.yml'],
    play: async (execute) => {
      await using scene = await openScene(execute, { model: path.join(packageRoot, 'examples', fix) });
      const { stage, run, told } = scene;
      const issue = await stage.openIssue();
      await stage.send('alice', 'POST', '/labels', { name: 'agent', color: '5319e7' });
      const labeled = await told('issues', () =>
        stage.send('alice', 'POST', `/issues/${issue}/labels`, { labels: ['agent'] }),
      );
      await run('label-driven-coder.yml', { name: 'issues', payload: labeled });
      const [pull, ...others] = await stage.pulls();
      expect(others).toEqual([]);
      expect(pull?.head.ref).toMatch(new RegExp(`^agent/${issue}/f1-`));

      await scene.failCheck(pull?.head.sha ?? '');
      await scene.choose({
        model: scene.script('doctor', [
          { bash: "printf '\\nNow with lint.\\n' >> README.md" },
          { submit: 'Mend the lint' },
        ]),
      });
      const failed = scene.ended(labeled, {
        branch: pull?.head.ref ?? '',
        sha: pull?.head.sha ?? '',
        pull: pull?.number ?? 0,
      });
      await run('ci-doctor.yml', { name: 'workflow_run', payload: failed });
      const [mended] = await stage.pulls();
      expect(mended?.number).toBe(pull?.number);
      expect(mended?.head.sha).not.toBe(pull?.head.sha);
    },
  },
  {
    title: 'a pull request is reviewed, and where its checks fail, twice, one comment tells what agents can do',
    files: ['review-every-pull-request.yml', 'ci-doctor.yml'],
    play: async (execute) => {
      const finding = {
        path: 'README.md',
        line: 1,
        severity: 'minor',
        category: 'docs',
        title: 'Says too little',
        body: 'Say what it does.',
      };
      const review = { summary: 'It changes a line.', findings: [finding], earlier: [], not_reviewed: [] };
      await using scene = await openScene(execute);
      const { stage, run, told } = scene;
      await scene.choose({ model: scene.script('review', [{ submit_review: review }]) });
      const opened = await told('pull_request', () => scene.openPull('alice'));
      const { number, head } = opened['pull_request'] as { number: number; head: { sha: string; ref: string } };
      await run('review-every-pull-request.yml', { name: 'pull_request', payload: opened });
      const comments = await stage.send<readonly { body: string; path: string }[]>(
        'alice',
        'GET',
        `/pulls/${number}/comments`,
      );
      expect(comments).toMatchObject([{ path: 'README.md', body: expect.stringContaining('Says too little') }]);
      expect(await stage.branches()).toEqual(expect.not.arrayContaining([expect.stringMatching(/^agent\//)]));

      const payload = scene.ended(opened, { branch: head.ref, sha: head.sha, pull: number });
      for (const _again of [1, 2]) await run('ci-doctor.yml', { name: 'workflow_run', payload });
      const said = (await stage.comments(number)).map(({ body }) => body);
      expect(
        said.filter((body) => body.includes('of this pull request failed. An agent helps on request: `/agent review`')),
      ).toHaveLength(1);
    },
  },
  {
    title: 'an issue that is opened is read, and gets its label and its questions',
    files: ['triage-on-open.yml'],
    play: async (execute) => {
      const triage = {
        summary: 'The last word is lost.',
        type: 'bug',
        size: 's',
        priority: 2,
        labels: ['bug'],
        acceptance: ['The test passes.'],
        questions: ['Which separator?'],
        related: [],
      };
      await using scene = await openScene(execute);
      const { stage, run, told } = scene;
      await scene.choose({ model: scene.script('triage', [{ submit_triage: triage }]) });
      const opened = await told('issues', () => stage.openIssue());
      await run('triage-on-open.yml', { name: 'issues', payload: opened });
      const { number } = opened['issue'] as { number: number };
      const { labels } = await stage.send<{ labels: { name: string }[] }>('alice', 'GET', `/issues/${number}`);
      expect(labels.map(({ name }) => name)).toContain('bug');
      expect((await stage.comments(number)).map(({ body }) => body).join()).toContain('Which separator?');
      expect(await stage.pulls()).toEqual([]);
    },
  },
  {
    title: 'at night an issue of its own is opened, and a pull request for it',
    files: ['nightly-dependency-fixer.yml'],
    play: async (execute) => {
      await using scene = await openScene(execute, { model: path.join(packageRoot, 'examples', fix) });
      const { stage, run, told } = scene;
      // Only for what every payload has.
      const { repository, sender } = await told('issues', () => stage.openIssue({ title: 'something else', body: '' }));
      const payload = { schedule: '17 3 * * *', repository, sender };
      await run('nightly-dependency-fixer.yml', { name: 'schedule', payload });
      const issues = await stage.send<readonly { number: number; title: string; pull_request?: unknown }[]>(
        'alice',
        'GET',
        '/issues?state=open',
      );
      const own = issues.find(
        ({ title, pull_request }) => pull_request === undefined && title === 'Bring the dependencies up to date',
      );
      expect((await stage.pulls()).map(({ head }) => head.ref)).toEqual([
        expect.stringMatching(new RegExp(`^agent/${own?.number}/f1-`)),
      ]);
    },
  },
  {
    title: 'a team writes the change in one run and reviews it in the next, which the first one starts',
    files: ['team.yml'],
    play: async (execute) => {
      const review = { summary: 'It keeps the word.', findings: [], earlier: [], not_reviewed: [] };
      await using scene = await openScene(execute);
      const { stage, run, told } = scene;
      const reviewer = scene.script('review', [{ submit_review: review }]);
      await scene.choose({
        model: path.join(packageRoot, 'examples', fix),
        more: `team: { stages: [code, review] }\nroles: { models: { reviewer: "scripted:${reviewer}" } }\n`,
      });
      await scene.install('team.yml');
      const issue = await stage.openIssue();
      const asked = await stage.comment(issue, '/agent fix');
      const next = await told('workflow_dispatch', () => run('team.yml', { name: 'issue_comment', payload: asked }));
      expect(next['inputs']).toMatchObject({ command: 'review', step: expect.stringMatching(/./) });
      await run('team.yml', { name: 'workflow_dispatch', payload: next });
      const [pull] = await stage.pulls();
      expect(pull).toMatchObject({ draft: false, head: { ref: expect.stringMatching(/^agent\//) } });
    },
  },
];

type Reply = Readonly<Record<string, unknown>>;

interface Scene extends AsyncDisposable {
  readonly stage: Stage;
  /** Runs an example to its end, which must be a good one. */
  run(file: string, event: ExampleRun['event']): Promise<void>;
  /** The payload of what GitHub tells while something is done. */
  told(name: GitHubEvent['name'], act: () => Promise<unknown>): Promise<Payload>;
  /** `.github/entropy.yml` on the default branch. */
  choose(settings: { readonly model: string; readonly more?: string }): Promise<void>;
  /** The file itself, where GitHub looks for it. */
  install(file: string): Promise<void>;
  /** Writes a script of a model; its path. A reply is one call: `bash` a command, `submit` a title, others as they are. */
  script(name: string, replies: readonly Reply[]): string;
  openPull(login: string): Promise<void>;
  failCheck(sha: string): Promise<void>;
  /** As GitHub tells of a workflow named CI that failed. */
  ended(like: Payload, at: { readonly branch: string; readonly sha: string; readonly pull: number }): Payload;
}

async function openScene(execute: Execute, settings?: { readonly model: string }): Promise<Scene> {
  const stage = await openStage();
  const { github } = stage;
  const put = async (file: string, text: string, branch = 'main', login = 'alice'): Promise<void> => {
    const where = `/contents/${file}`;
    const before = await stage
      .send<{ sha?: string }>(login, 'GET', `${where}?ref=${branch}`)
      .catch(() => ({ sha: undefined }));
    const sha = before.sha === undefined ? {} : { sha: before.sha };
    const content = Buffer.from(text).toString('base64');
    await stage.send(login, 'PUT', where, { message: `Write ${file}`, content, branch, ...sha });
  };
  const choose: Scene['choose'] = ({ model, more = '' }) =>
    put('.github/entropy.yml', `model: "scripted:${model}"\n${more}`);
  if (settings !== undefined) await choose(settings);
  return {
    stage,
    choose,
    install: (file) => put(`.github/workflows/${file}`, readFileSync(path.join(exampleFolder, file), 'utf8')),
    run: async (file, event) => {
      const { ok, log } = await execute({ stage, file, event });
      if (!ok) throw new Error(`${file} did not end well:\n${log.slice(-6_000)}`);
    },
    told: async (name, act) => {
      let found: Payload | undefined;
      const stop = github.onEvent((event) => {
        if (event.name === name) found = JSON.parse(JSON.stringify(event.payload));
      });
      await act();
      stop();
      if (found === undefined) throw new Error(`GitHub told of no ${name}`);
      return found;
    },
    script: (name, replies) => {
      const folder = path.join(stage.root, 'scripts');
      mkdirSync(folder, { recursive: true });
      const file = path.join(folder, `${name}.script.yaml`);
      // JSON is YAML.
      writeFileSync(file, JSON.stringify({ script: 1, replies: replies.map(replyOf) }));
      return file;
    },
    openPull: async (login) => {
      const { object } = await stage.send<{ object: { sha: string } }>(login, 'GET', '/git/ref/heads/main');
      await stage.send(login, 'POST', '/git/refs', { ref: 'refs/heads/tidy', sha: object.sha });
      await put('README.md', '# slug, tidied\n', 'tidy', login);
      await stage.send(login, 'POST', '/pulls', {
        title: 'Tidy up',
        head: 'tidy',
        base: 'main',
        body: 'It is shorter.',
      });
    },
    failCheck: async (sha) => {
      const token = github.mintToken({ repository: { owner: 'octo', name: 'slug' }, permissions: { checks: 'write' } });
      const body = {
        name: 'lint',
        head_sha: sha,
        status: 'completed',
        conclusion: 'failure',
        output: { title: 'lint', summary: 'README.md says too little' },
      };
      const answer = await fetch(`${github.apiUrl}/repos/octo/slug/check-runs`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (!answer.ok) throw new Error(await answer.text());
    },
    ended: ({ repository, sender }, { branch, sha, pull }) => ({
      action: 'completed',
      workflow: { name: 'CI', path: '.github/workflows/ci.yml' },
      workflow_run: {
        ...{ id: 4711, name: 'CI', run_attempt: 1, event: 'pull_request', status: 'completed', conclusion: 'failure' },
        ...{ head_branch: branch, head_sha: sha, head_repository: { full_name: 'octo/slug' } },
        ...{ pull_requests: [{ number: pull }], html_url: `${github.url}/octo/slug/actions/runs/4711` },
      },
      ...{ repository, sender },
    }),
    [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose](),
  };
}

function replyOf(reply: Reply): Reply {
  const [tool = '', value] = Object.entries(reply)[0] ?? [];
  if (tool === 'bash') return { calls: [{ tool, input: { command: value } }] };
  if (tool === 'submit') return { calls: [{ tool, input: { title: value, body: `${String(value)}.`, verified: [] } }] };
  return { calls: [{ tool, input: value }] };
}
