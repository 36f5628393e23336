import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseRepositoryConfig } from '../../../src/runtime/repository-config.ts';
import { version } from '../../../src/runtime/version.ts';
import { tempFolder } from '../../fakes/temp-folder.ts';
import { runCli } from './run-cli.ts';

const commands = ['start', 'run', 'init', 'doctor', 'config', 'replay', 'next', 'activity'];
/** Commands that are groups of commands. */
const groups = {
  claims: ['list', 'take', 'release', 'check', 'extend', 'sweep', 'takeover'],
  tasks: ['list', 'show', 'sync', 'redrive'],
  depends: ['add', 'remove', 'show', 'ready'],
  runs: ['list', 'show', 'stop'],
  agents: ['list'],
  budgets: ['show', 'set'],
  webhooks: ['list', 'register', 'redeliver'],
  keys: ['list', 'create', 'rotate', 'revoke'],
};

function repository(files: Readonly<Record<string, string>> = {}, remote = 'https://github.com/octo/slug.git') {
  const folder = tempFolder(files);
  execFileSync('git', ['init', '-q', '-b', 'main', folder.root]);
  execFileSync('git', ['-C', folder.root, 'remote', 'add', 'origin', remote]);
  return folder;
}

const npm = { 'package.json': '{"scripts":{"test":"vitest run"}}', 'package-lock.json': '{}' };

describe('the command line', () => {
  it('tells its commands, its version and its exit codes', async () => {
    const help = await runCli(['--help']);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    for (const command of [...commands, ...Object.keys(groups)]) expect(help.stdout).toContain(`  ${command} `);
    expect(help.stdout).toContain('130 interrupted');
    expect((await runCli(['--version'])).stdout.trim()).toBe(version);
  });

  it('loads neither commands nor heavy libraries to print help', async () => {
    using folder = tempFolder();
    await runCli(['--help'], { env: { NODE_V8_COVERAGE: folder.root } });
    const [record = ''] = readdirSync(folder.root);
    const loaded: readonly { url: string }[] = JSON.parse(readFileSync(path.join(folder.root, record), 'utf8')).result;
    const files = loaded.map(({ url }) => url).filter((url) => url.startsWith('file:'));
    expect(files.some((url) => url.endsWith('/src/cli/main.ts'))).toBe(true);
    expect(
      files.filter((url) => /cli\/commands|src\/runtime\/config|zod|yaml|octokit|anthropic|clack/.test(url)),
    ).toEqual([]);
    expect(files.length).toBeLessThan(25);
  });

  it('numbers the shape of every object that config prints', async () => {
    for (const args of [
      ['config', 'show', '--json'],
      ['config', 'detect', '--url', 'git@github.com:octo/slug', '--json'],
    ]) {
      expect(JSON.parse((await runCli(args)).stdout)).toMatchObject({ schema: 1 });
    }
  });

  it.each(commands.filter((name) => name !== 'config'))('tells the options of %s', async (name) => {
    const help = await runCli([name, '--help']);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toContain('--json');
  });

  it.each(Object.entries(groups))('tells what %s can do, each with --json', async (name, subcommands) => {
    const help = await runCli([name, '--help']);
    for (const subcommand of subcommands) expect(help.stdout).toContain(`  ${subcommand} `);
    const one = await runCli([name, subcommands.at(-1) ?? '', '--help']);
    expect(one).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('--json') });
  });

  it('knows every option of start that the contract names', async () => {
    const { stdout } = await runCli(['help', 'start']);
    for (const option of ['--repo', '--issue', '--model', '--setup', '--test', '--json', '--keep', '--serve']) {
      expect(stdout).toContain(`${option} `);
    }
  });

  it.each([
    [['deploy', 'statsu'], /unknown command 'statsu'[\s\S]*did you mean status/],
    [['deploy', 'everything'], /unknown command 'everything'[\s\S]*write one of status, diff/],
    [['strat'], /unknown command 'strat'[\s\S]*did you mean start/],
    [['init', '--dryrun'], /unknown option '--dryrun'[\s\S]*did you mean --dry-run/],
    [['replay'], /missing required argument 'run\|file'/],
    [['init', 'extra'], /too many arguments/],
    [['config'], /config is not complete[\s\S]*add show or detect or agent/],
  ])('does not understand %j, says so on stderr and ends with 2', async (args, told) => {
    expect(await runCli(args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(told) });
  });

  it('with --json puts one error object on stdout and nothing else anywhere', async () => {
    const { code, stdout, stderr } = await runCli(['init', '--json', '--form', 'three']);
    expect([code, stderr]).toEqual([2, '']);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'E100', exitCode: 2, fix: expect.any(String) } });
  });

  it('names every bad variable at once and colours nothing that is no terminal', async () => {
    const env = { ENTROPY_MAX_TURNS: 'many', ENTROPY_DRAFT: 'perhaps', ENTROPY_TEST_COMMAND: '' };
    const { code, stderr } = await runCli(['config', 'show'], { env });
    expect(code).toBe(2);
    expect(stderr).toMatch(/2 values[\s\S]*ENTROPY_MAX_TURNS[\s\S]*ENTROPY_DRAFT/);
    expect(stderr).not.toContain('\u001b');
  });

  it('colours errors when asked to, and not when NO_COLOR is there too', async () => {
    expect((await runCli(['strat'], { env: { FORCE_COLOR: '1' } })).stderr).toContain('\u001b[31m');
    expect((await runCli(['strat'], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } })).stderr).not.toContain('\u001b');
  });
});

describe('config', () => {
  it('shows every value with the place that it came from', async () => {
    using folder = repository({ '.github/entropy.yml': 'test: make test\nlimits: { max-turns: 7 }\n' });
    const env = { ENTROPY_MODEL: 'claude-x' };
    const args = ['config', 'show', '--max-cost-usd', '0.5', '--json'];
    const shown = JSON.parse((await runCli(args, { cwd: folder.root, env })).stdout);
    expect(shown).toMatchObject({
      test: { value: 'make test', from: '.github/entropy.yml:1:1' },
      'limits.max-turns': { value: 7, from: '.github/entropy.yml:2:11' },
      'limits.max-cost-usd': { value: 0.5, from: '--max-cost-usd' },
      model: { value: 'claude-x', from: 'ENTROPY_MODEL' },
      draft: { value: true, from: 'default' },
    });
  });

  it('detects remote and commands from a folder below, and warns of a token in the URL without showing it', async () => {
    using folder = repository({ ...npm, 'src/x.ts': '' }, 'https://x:ghp_verysecret@github.com/octo/slug.git');
    const found = await runCli(['config', 'detect', '--repo', 'src'], { cwd: folder.root });
    expect(found.code).toBe(0);
    expect(found.stdout).toMatch(/github · octo \/ slug[\s\S]*npm ci/);
    expect(found.stderr).toContain('git remote set-url');
    expect(found.stdout + found.stderr).not.toContain('ghp_verysecret');
  });

  it('obeys nothing of the repository that it looks at', async () => {
    using folder = repository();
    const trap = path.join(folder.root, 'trap.sh');
    writeFileSync(trap, `#!/bin/sh\ntouch ${folder.root}/sprung\n`);
    chmodSync(trap, 0o755);
    for (const key of ['core.fsmonitor', 'core.pager', 'alias.config', 'diff.external']) {
      execFileSync('git', ['-C', folder.root, 'config', key, trap]);
    }
    expect((await runCli(['config', 'detect'], { cwd: folder.root })).code).toBe(0);
    expect(existsSync(path.join(folder.root, 'sprung'))).toBe(false);
  });
});

describe('init', () => {
  it('writes a workflow and a configuration that our own readers accept, and changes nothing the second time', async () => {
    using folder = repository(npm);
    const first = await runCli(['init', '--yes', '--json'], { cwd: folder.root });
    const made = JSON.parse(first.stdout);
    expect(made.files.map((file: { action: string }) => file.action)).toEqual(['created', 'created']);
    expect(made.next).toContainEqual(expect.stringContaining('entropy-playground policy check'));
    const workflow = parse(readFileSync(path.join(folder.root, '.github/workflows/agent.yml'), 'utf8'));
    expect(workflow.permissions).toEqual({});
    expect(workflow.jobs.agent.permissions).toMatchObject({ contents: 'write', 'pull-requests': 'write' });
    const config = readFileSync(path.join(folder.root, '.github/entropy.yml'));
    expect((await parseRepositoryConfig(config)).values).toMatchObject({ test: 'npm test', allowUsers: [] });

    const second = JSON.parse((await runCli(['init', '--yes', '--json'], { cwd: folder.root })).stdout);
    expect(second.files.map((file: { action: string }) => file.action)).toEqual(['unchanged', 'unchanged']);
  });

  it('keeps what somebody changed, shows the difference, and replaces it only with --force', async () => {
    using folder = repository(npm);
    const config = path.join(folder.root, '.github/entropy.yml');
    mkdirSync(path.dirname(config));
    writeFileSync(config, 'test: make check\n');
    const kept = await runCli(['init', '--yes'], { cwd: folder.root });
    expect(kept.stdout).toMatch(/kept yours {2}\.github\/entropy\.yml/);
    expect(kept.stdout).toContain('+ limits:');
    expect(readFileSync(config, 'utf8')).toBe('test: make check\n');
    await runCli(['init', '--yes', '--force'], { cwd: folder.root });
    expect(readFileSync(config, 'utf8')).toMatch(/^test: make check$/m);
    expect(readFileSync(config, 'utf8')).toMatch(/^limits:$/m);
  });

  it('with --coordinator writes a workflow that may identify itself to it, and takes no insecure address', async () => {
    using folder = repository(npm);
    const args = ['init', '--yes', '--coordinator', 'https://agents.example.com/'];
    expect((await runCli(args, { cwd: folder.root })).code).toBe(0);
    const { agent } = parse(readFileSync(path.join(folder.root, '.github/workflows/agent.yml'), 'utf8')).jobs;
    expect(agent.with).toEqual({ 'coordinator-url': 'https://agents.example.com' });
    expect(agent.permissions).toMatchObject({ 'id-token': 'write' });
    const insecure = await runCli(['init', '--yes', '--coordinator', 'http://agents.example.com'], {
      cwd: folder.root,
    });
    expect([insecure.code, insecure.stderr]).toEqual([2, expect.stringContaining('--coordinator is not https')]);
  });

  it('with --dry-run writes nothing', async () => {
    using folder = repository(npm);
    const { code, stdout } = await runCli(['init', '--yes', '--dry-run'], { cwd: folder.root });
    expect([code, existsSync(path.join(folder.root, '.github'))]).toEqual([0, false]);
    expect(stdout).toContain('+     uses: entropy-playground/entropy-playground/.github/workflows/agent.yml@v1');
  });

  it('never waits for an answer without a terminal', async () => {
    using folder = repository(npm);
    expect(await runCli(['init'], { cwd: folder.root })).toMatchObject({ code: 2, stderr: /--yes/ });
  });

  it('does not follow a symbolic link out of the repository', async () => {
    using outside = tempFolder();
    using folder = repository(npm);
    symlinkSync(outside.root, path.join(folder.root, '.github'));
    const refused = await runCli(['init', '--yes'], { cwd: folder.root });
    expect(refused).toMatchObject({ code: 1, stderr: /E104[\s\S]*symbolic link/ });
    expect(existsSync(path.join(outside.root, 'entropy.yml'))).toBe(false);
    expect(lstatSync(path.join(folder.root, '.github')).isSymbolicLink()).toBe(true);
  });
});
