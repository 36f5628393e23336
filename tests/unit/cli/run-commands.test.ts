import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { replay } from '../../../src/cli/commands/replay.ts';
import { runGitHubIssue, runLocalTask } from '../../../src/cli/commands/run.ts';
import { start } from '../../../src/cli/commands/start.ts';
import type { EmbeddedReport, EmbeddedRunOptions } from '../../../src/domain/embedded-run.ts';
import type { GitHubRunOptions, GitHubRunReport, LocalRunOptions } from '../../../src/domain/local-run.ts';
import type { ReplayReport, ReplayRunOptions } from '../../../src/domain/replay-run.ts';
import type { RunReport } from '../../../src/domain/run-report.ts';
import { fakeCliIo } from '../../fakes/cli-io.ts';
import { tempFolder } from '../../fakes/temp-folder.ts';

const report: RunReport = {
  schema: 1,
  outcome: 'succeeded',
  reason: 'done',
  runId: '01JDAAAAAAAAAAAAAAAAAAAAAA',
  model: 'scripted',
  branch: 'agent/1/f1-x',
  baseSha: 'a'.repeat(40),
  headSha: 'b'.repeat(40),
  filesChanged: ['src/slugify.ts'],
  patchPath: '/state/patch.diff',
  apiCalls: { 'GET /x': 4, 'POST /y': 5 },
  modelCalls: 6,
  turns: 6,
  tokens: { input: 1, output: 2, cacheRead: 0, cacheWrite: 0, total: 3 },
  costUsd: 0,
  sandboxRung: 'bubblewrap',
  durations: { total: 5_100 },
  trajectory: '/state/trajectory.jsonl',
};
const embedded: EmbeddedReport = {
  ...report,
  pullRequest: { number: 2, url: 'http://localhost:1/octo/slug/pull/2', draft: true },
  issueUrl: 'http://localhost:1/octo/slug/issues/1',
  workspace: null,
  serving: null,
  coordinator: null,
};

/** Stands where the runtime would: keeps what it was asked for and may be called once. */
function once<Options, Report>(answer: Report) {
  const asked: Options[] = [];
  return {
    asked,
    run: async (options: Options): Promise<Report> => {
      if (asked.push(options) > 1) throw new Error('called a second time');
      return answer;
    },
  };
}

const never = () => Promise.reject(new Error('nothing may be started'));

describe('start', () => {
  it('without options asks for the sample, says that the model is scripted, and ends with a summary on stdout', async () => {
    const io = fakeCliIo();
    const runtime = once<EmbeddedRunOptions, EmbeddedReport>(embedded);
    expect(await start({}, io, runtime.run)).toBe(0);
    expect(runtime.asked).toEqual([{ serve: 'no' }]);
    expect(io.err()).toContain('scripted model (set ANTHROPIC_API_KEY to use Claude)');
    expect(io.out()).toContain('succeeded · 5.1 s · 6 turns · 0.00 USD · 9 GitHub calls');
  });

  it.each([
    ['none', 'succeeded', 'There was no sandbox'],
    ['landlock', 'succeeded', 'runs no commands'],
    ['none', 'failed', 'There was no sandbox'],
  ] as const)('says of the rung %s what has to be said, once, also when it %s', async (sandboxRung, outcome, words) => {
    const told =
      outcome === 'failed'
        ? 'There was no sandbox: the commands of the agent ran on the machine itself, with its files and its network.'
        : '';
    const io = fakeCliIo();
    await start(
      {},
      io,
      once<EmbeddedRunOptions, EmbeddedReport>({ ...embedded, sandboxRung, outcome, reason: `Over. ${told}` }).run,
    );
    expect(io.out().split(words)).toHaveLength(2);
  });

  it('says nothing of a rung of which nothing has to be said', async () => {
    const io = fakeCliIo();
    await start({}, io, once<EmbeddedRunOptions, EmbeddedReport>(embedded).run);
    expect(io.out()).not.toContain('sandbox');
  });

  it('takes real input: repository, issue, script, commands, folder, port', async () => {
    using folder = tempFolder({ 'issue.md': '# A bug\n\ntext', 's.yaml': 'x' });
    const io = fakeCliIo({ cwd: folder.root });
    const runtime = once<EmbeddedRunOptions, EmbeddedReport>({ ...embedded, serving: 'http://localhost:9' });
    const flags = {
      repo: '.',
      issue: 'issue.md',
      model: 'scripted:s.yaml',
      setup: 'make deps',
      test: 'make test',
      keep: 'out',
      port: '4711',
      serve: true,
      json: '*',
    };
    expect(await start(flags, io, runtime.run)).toBe(0);
    expect(runtime.asked).toEqual([
      {
        repository: folder.root,
        issue: { title: 'A bug', body: 'text' },
        model: { kind: 'scripted', file: path.join(folder.root, 's.yaml') },
        setupCommand: 'make deps',
        testCommand: 'make test',
        keepDir: path.join(folder.root, 'out'),
        port: 4711,
        serve: 'until-aborted',
      },
    ]);
    expect(JSON.parse(io.out())).toEqual({ ...embedded, serving: 'http://localhost:9' });
    expect(io.waits()).toBe(1);
  });

  it('says how to replay the run from any folder', async () => {
    using folder = tempFolder({ "it's/issue.md": '# A bug', 's.yaml': 'x' });
    const io = fakeCliIo({ cwd: folder.root });
    const flags = { repo: "it's", issue: "it's/issue.md", model: 'scripted:s.yaml' };
    await start(flags, io, once<EmbeddedRunOptions, EmbeddedReport>(embedded).run);
    expect(io.out()).toContain(`entropy-playground replay /state/trajectory.jsonl --repo '${folder.root}/it'\\''s'\n`);
  });

  it.each([
    [{ repo: '.' }, 'E100', /--issue/],
    [{ port: '70000' }, 'E100', /port/],
    [{ model: 'scripted:' }, 'E100', /scripted:FILE/],
    [{ model: 'scripted:none.yaml' }, 'E102', /none\.yaml/],
    [{ model: 'anthropic' }, 'E301', /ANTHROPIC_API_KEY/],
    [{ issue: 'none.md' }, 'E102', /none\.md/],
    [{ issue: 'README.md' }, 'E301', /ANTHROPIC_API_KEY/],
    [{ keep: 'src' }, 'E100', /not empty/],
    [{ keep: 'package.json' }, 'E100', /not a folder/],
    [{ issue: 'none.md', model: 'replay:package.json' }, 'E102', /none\.md/],
    [{ json: 'outcom' }, 'E100', /outcome/],
  ])('refuses %j before anything is started', async (flags, code, said) => {
    const refusal = await start(flags, fakeCliIo(), never).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code });
    expect(JSON.stringify(refusal) + String(refusal) + JSON.stringify((refusal as { fix: string }).fix)).toMatch(said);
  });

  it('ends with the exit code of the outcome and tells the reason, cleaned', async () => {
    const io = fakeCliIo();
    const failed = { ...embedded, outcome: 'over_budget' as const, reason: 'the \u001b[31mbudget\u001b[0m is used up' };
    expect(await start({}, io, once<EmbeddedRunOptions, EmbeddedReport>(failed).run)).toBe(6);
    expect(io.out()).toContain('over budget · ');
    expect(io.out()).toContain('the budget is used up');
  });
});

describe('run', () => {
  it('lays flags over environment over file over defaults, and writes a patch by default', async () => {
    using folder = tempFolder({
      '.github/entropy.yml': 'test: make test\nlimits: { max-turns: 7, max-minutes: 5 }\n',
      's.yaml': 'x',
    });
    execFileSync('git', ['init', '-q', '-b', 'main', folder.root]);
    const io = fakeCliIo({ cwd: folder.root, variables: { ENTROPY_MAX_TURNS: '8', ENTROPY_SETUP: 'make deps' } });
    const runtime = once<LocalRunOptions, RunReport & { repository: string }>({ ...report, repository: folder.root });
    const flags = { task: 'Fix it\nwith care', model: 'scripted:s.yaml', maxMinutes: '1h' };
    expect(await runLocalTask(flags, io, runtime.run)).toBe(0);
    const [options] = runtime.asked;
    expect(options).toMatchObject({
      repository: folder.root,
      task: { title: 'Fix it', body: 'with care' },
      delivery: { kind: 'patch-file' },
      settings: { test: 'make test', setup: 'make deps', maxTurns: 8, maxMinutes: 60 },
    });
  });

  it.each([
    [{}, 'E100'],
    [{ task: 'x', issue: 'y' }, 'E100'],
    [{ task: 'x', patch: 'p', branch: 'b' }, 'E100'],
    [{ task: 'x', maxTurns: '0' }, 'E101'],
    [{ task: 'x', repo: '/nowhere' }, 'E501'],
    [{ task: 'x', model: 'scripted:package.json', patch: 'README.md' }, 'E100'],
    [{ task: 'x', model: 'scripted:package.json', keep: 'src' }, 'E100'],
  ])('refuses %j before anything is started', async (flags, code) => {
    await expect(runLocalTask(flags, fakeCliIo(), never)).rejects.toMatchObject({ code });
  });

  it('on GitHub passes the name of the token variable and never the token', async () => {
    const io = fakeCliIo({ variables: { GH_TOKEN: 'ghp_secret', ANTHROPIC_API_KEY: 'sk-secret' } });
    const runtime = once<GitHubRunOptions, GitHubRunReport>({
      ...report,
      pullRequest: embedded.pullRequest,
      delivered: null,
      issueUrl: 'https://github.com/octo/slug/issues/42',
    });
    const flags = { issue: '42', maxCostUsd: '0.5' };
    expect(await runGitHubIssue(flags, 'octo/slug', io, runtime.run)).toBe(0);
    expect(runtime.asked[0]).toMatchObject({ issue: 42, tokenVariable: 'GH_TOKEN', apiUrl: 'https://api.github.com' });
    expect(runtime.asked[0]?.layers[1]?.values).toEqual({ maxCostMicroUsd: 500_000 });
    expect(JSON.stringify(runtime.asked)).not.toContain('secret');
  });

  it.each([
    ['octo', { issue: '1' }, 'E100'],
    ['octo/slug', {}, 'E100'],
    ['octo/slug', { issue: '1', branch: 'x' }, 'E100'],
    ['octo/slug', { issue: '1' }, 'E201'],
  ])('on GitHub refuses %j with %j', async (name, flags, code) => {
    await expect(runGitHubIssue(flags, name, fakeCliIo(), never)).rejects.toMatchObject({ code });
  });
});

describe('replay', () => {
  const same: ReplayReport = {
    schema: 1,
    verdict: 'same',
    reason: '',
    runId: report.runId,
    baseSha: 'a'.repeat(40),
    recorded: { outcome: 'succeeded', treeSha: 'c'.repeat(40) },
    replayed: { outcome: 'succeeded', treeSha: 'c'.repeat(40) },
    turns: 6,
    firstDifference: null,
    patchPath: null,
    trajectory: null,
    durations: { total: 900 },
  };

  it('finds a run by its id, with the repository that was kept beside it', async () => {
    using folder = tempFolder({ [`runs/${report.runId}/trajectory.jsonl`]: '{}\n' });
    const home = path.join(folder.root, 'runs', report.runId);
    mkdirSync(path.join(home, 'repository.git'));
    const io = fakeCliIo({ variables: { ENTROPY_STATE_DIR: folder.root } });
    const runtime = once<ReplayRunOptions, ReplayReport>(same);
    expect(await replay(report.runId.toLowerCase(), {}, io, runtime.run)).toBe(0);
    expect(runtime.asked).toEqual([
      { trajectory: path.join(home, 'trajectory.jsonl'), repository: path.join(home, 'repository.git') },
    ]);
    expect(io.out()).toContain('the same patch · 6 turns · 0.9 s');
  });

  it('says what came out differently, and is not green', async () => {
    using folder = tempFolder();
    writeFileSync(path.join(folder.root, 't.jsonl'), '{}\n');
    const io = fakeCliIo({ cwd: folder.root });
    const different: ReplayReport = {
      ...same,
      verdict: 'different',
      reason: 'the tests answered differently',
      firstDifference: { turn: 3, what: 'bash npm test: exit 1' },
    };
    expect(await replay('t.jsonl', {}, io, once<ReplayRunOptions, ReplayReport>(different).run)).toBe(5);
    expect(io.out()).toContain('turn 3: bash npm test: exit 1');
  });

  it('of a run that nobody kept is refused', async () => {
    await expect(replay('01JDAAAAAAAAAAAAAAAAAAAAAA', {}, fakeCliIo(), never)).rejects.toMatchObject({ code: 'E102' });
  });
});
