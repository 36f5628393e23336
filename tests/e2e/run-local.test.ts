import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cliPlace } from './cli-place.ts';
import { sampleCopy, sampleIssue, sampleScript } from './sample-copy.ts';

const task = ['--issue', sampleIssue, '--model', `scripted:${sampleScript}`];
const title = 'slugify drops the last word when the limit falls on a separator';

describe('run on a repository of this machine', () => {
  it('writes a patch that git takes and leaves files, index, branches and objects of the person alone', async () => {
    using place = cliPlace();
    using own = sampleCopy();
    own.write('src/notes.txt', 'not committed\n');
    own.write('src/staged.txt', 'staged\n');
    own.git('add', 'src/staged.txt');
    const state = () => [own.git('status', '--porcelain=v2'), own.git('for-each-ref'), own.git('count-objects', '-v')];
    const before = state();

    const patch = path.join(place.root, 'out/the.patch');
    const { code, report } = await place.run(['run', ...task, '--patch', patch], { cwd: path.join(own.root, 'src') });
    expect(report).toMatchObject({
      outcome: 'succeeded',
      repository: own.root,
      baseSha: own.git('rev-parse', 'HEAD'),
      branch: null,
      filesChanged: ['src/slugify.js'],
      patchPath: patch,
      sandboxRung: expect.stringMatching(/^(bubblewrap|unshare)$/),
    });
    expect(code).toBe(0);
    expect(state()).toEqual(before);
    expect(place.leftovers()).toEqual([]);

    own.git('apply', patch);
    expect(readFileSync(path.join(own.root, 'src/slugify.js'), 'utf8')).toContain('if (cutBetweenWords) return cut;');
  });

  it('makes a branch with one commit beside what is checked out, and never moves one that is there', async () => {
    using place = cliPlace();
    using own = sampleCopy();
    const head = own.git('rev-parse', 'HEAD');
    const made = await place.run(['run', ...task, '--branch', 'agent/the-fix', '--repo', own.root]);
    expect(made.report).toMatchObject({ outcome: 'succeeded', branch: 'agent/the-fix' });
    expect(own.git('rev-parse', 'agent/the-fix')).toBe(made.report.headSha);
    expect(own.git('rev-parse', 'agent/the-fix^')).toBe(head);
    expect(own.git('log', '-1', '--format=%s', 'agent/the-fix')).toBe(title);
    expect(own.git('diff', '--name-only', 'main', 'agent/the-fix')).toBe('src/slugify.js');
    expect([
      own.git('branch', '--show-current'),
      own.git('rev-parse', 'HEAD'),
      own.git('status', '--porcelain'),
    ]).toEqual(['main', head, '']);

    const again = await place.run(['run', ...task, '--branch', 'agent/the-fix', '--repo', own.root]);
    expect(again.report.error).toMatchObject({
      code: 'E604',
      fix: expect.stringContaining('git branch -D agent/the-fix'),
    });
    expect([again.code, place.keptRuns()]).toEqual([8, [made.report.runId]]);
    const bad = await place.run(['run', ...task, '--branch', 'no such..name', '--repo', own.root]);
    expect([bad.code, bad.report.error.code]).toEqual([2, 'E100']);
    expect(own.git('rev-parse', 'agent/the-fix')).toBe(made.report.headSha);
    expect(place.leftovers()).toEqual([]);
  });

  it('says no_change for an agent that changed nothing, and makes neither patch nor branch', async () => {
    using place = cliPlace();
    using own = sampleCopy();
    own.write('../nothing.script.json', JSON.stringify({ script: 1, replies: [{ calls: [nothing] }] }));
    const model = `scripted:${path.join(own.root, '../nothing.script.json')}`;
    const { code, report } = await place.run([
      'run',
      '--task',
      'Look',
      '--model',
      model,
      '--branch',
      '--repo',
      own.root,
    ]);
    expect(report).toMatchObject({ outcome: 'no_change', branch: null, patchPath: null, filesChanged: [] });
    expect(code).toBe(0);
    expect(own.git('branch', '--format=%(refname:short)')).toBe('main');
  });

  it('starts from the branch that is named, whatever is checked out, and refuses one that is not there', async () => {
    using place = cliPlace();
    using own = sampleCopy();
    const base = own.git('rev-parse', 'HEAD');
    own.git('checkout', '--quiet', '-b', 'elsewhere');
    own.git('commit', '--quiet', '--allow-empty', '-m', 'Another');
    const onMain = await place.run(['run', ...task, '--base', 'main', '--repo', own.root]);
    expect(onMain.report).toMatchObject({ outcome: 'succeeded', baseSha: base });
    const nowhere = await place.run(['run', ...task, '--base', 'nope', '--repo', own.root]);
    expect([nowhere.code, nowhere.report.error]).toMatchObject([2, { code: 'E505' }]);
    expect(place.keptRuns()).toEqual([onMain.report.runId]);
  });

  it('overwrites no file', async () => {
    using place = cliPlace();
    using own = sampleCopy();
    own.write('mine.patch', 'mine');
    const file = path.join(own.root, 'mine.patch');
    const { code, report } = await place.run(['run', ...task, '--repo', own.root, '--patch', file]);
    expect([code, report.error]).toMatchObject([2, { code: 'E100', fix: expect.stringContaining('new') }]);
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });
});

const nothing = { tool: 'submit', input: { title: 'It is right as it is', body: 'Looked at it.', verified: [] } };
