import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { openWorkspace } from '../../src/adapters/git/open-workspace.ts';
import { removePlantedRepositories } from '../../src/adapters/git/planted-repositories.ts';
import { type RealRepository, realRepository } from '../fakes/real-repository.ts';

const runId = '01JD0000000000000000000000';
const signal = AbortSignal.timeout(60_000);
const usual = '/usr/local/bin:/usr/bin:/bin';

/** What the agent's process outside of the sandbox does with the files: opens them, looks, makes the patch. */
async function collect(repository: RealRepository, searchPath: string) {
  await using workspace = await openWorkspace({
    root: repository.root,
    tempDir: repository.temp,
    path: searchPath,
    signal,
  });
  await workspace.markStart(signal);
  repository.write('a.txt', 'changed\n');
  return await workspace.collectPatch(runId, signal);
}

/** The very command with which the post step of actions/checkout looks for credentials that it left. */
function cleanUpOfCheckout(root: string): void {
  if (!existsSync(path.join(root, '.git/config'))) return;
  const look = `sh -c "git config --local --name-only --get-regexp 'core\\.sshCommand' && git config --local --unset-all 'core.sshCommand' || :"`;
  execFileSync('git', ['submodule', 'foreach', '--recursive', look], { cwd: root, stdio: 'pipe' });
}

describe('G6: a repository that the agent left in the folder of a submodule', () => {
  function withTrap(): { repository: RealRepository; sprung: string } {
    const gitmodules = '[submodule "lib"]\n\tpath = lib\n\turl = https://example.invalid/lib\n';
    const repository = realRepository({ 'a.txt': 'a\n', '.gitmodules': gitmodules });
    repository.git('update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},lib`);
    repository.git('commit', '--quiet', '-m', 'a submodule');
    const sprung = path.join(repository.temp, 'sprung');
    const lib = path.join(repository.root, 'lib');
    repository.git('init', '--quiet', lib);
    repository.write('lib/f', 'x\n');
    repository.git('-C', lib, 'add', 'f');
    repository.git('-C', lib, 'commit', '--quiet', '-m', 'planted');
    repository.git('-C', lib, 'update-index', '--fsmonitor');
    repository.git('-C', lib, 'config', 'core.fsmonitor', `touch ${sprung}; false`);
    rmSync(sprung, { force: true });
    return { repository, sprung };
  }

  it('runs when checkout cleans up, which is what the workflow has to prevent', () => {
    const { repository, sprung } = withTrap();
    using _gone = repository;
    cleanUpOfCheckout(repository.root);
    expect(existsSync(sprung)).toBe(true);
  });

  it('does not run after the last step of the agent job, and none of our own calls of git spring it', async () => {
    const { repository, sprung } = withTrap();
    using _gone = repository;
    const patch = await collect(repository, usual);
    expect(patch?.files.map((changed) => changed.path)).toContain('a.txt');
    expect(existsSync(sprung)).toBe(false);
    const file = path.join(import.meta.dirname, '../../.github/workflows/agent.yml');
    const steps: { name: string; if?: string; run?: string; with?: { path?: string } }[] = parse(
      readFileSync(file, 'utf8'),
    ).jobs.agent.steps;
    const cleaning = steps.findIndex((step) => step.run !== undefined && step.if === 'always()');
    const working = steps.findIndex((step) => step.name === 'Work on the issue');
    expect(cleaning).toBeGreaterThan(working);
    const job = path.dirname(repository.root);
    renameSync(repository.root, path.join(job, 'workspace'));
    execFileSync('bash', ['-e', '-c', steps[cleaning]?.run ?? ''], { cwd: job });
    cleanUpOfCheckout(path.join(job, 'workspace'));
    expect(existsSync(sprung)).toBe(false);
  });

  it('is told from a submodule that git put there, which stays, and in which the search goes on', async () => {
    using inner = realRepository({ 'deep.txt': 'deep\n' });
    using lib = realRepository({ 'lib.txt': 'lib\n' });
    using repository = realRepository({ 'a.txt': 'a\n' });
    const allowed = ['-c', 'protocol.file.allow=always', 'submodule', 'add', '--quiet'];
    lib.git(...allowed, inner.root, 'inner');
    lib.commit('a submodule');
    repository.git(...allowed, lib.root, 'lib');
    repository.git('-c', 'protocol.file.allow=always', 'submodule', 'update', '--init', '--recursive', '--quiet');
    repository.commit('a submodule');
    const clean = () => removePlantedRepositories({ root: repository.root, path: usual, signal });
    expect(await clean()).toEqual([]);
    expect(repository.git('submodule', 'status', '--recursive').split('\n')).toHaveLength(2);
    rmSync(path.join(repository.root, 'lib/inner/.git'));
    repository.git('init', '--quiet', path.join(repository.root, 'lib/inner'));
    expect(await clean()).toEqual(['lib/inner/.git']);
  });
});
