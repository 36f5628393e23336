import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { GitWorkspace } from '../../src/adapters/git/open-workspace.ts';
import type { PatchManifest } from '../../src/domain/patch.ts';
import { judgeWorkspaceMerge } from '../../src/flows/address/judge-workspace-merge.ts';
import { type MergeScene, mergeScene } from '../fakes/merge-scene.ts';
import { readyResult, runId } from '../fakes/publish-scene.ts';

const code = (body: string): string => `export function slugify(text, limit) {\n${body}}\n`;
const files = {
  base: {
    'src/slugify.js': code('  const slug = text.toLowerCase();\n  return slug.slice(0, limit);\n'),
    'src/other.js': 'export const other = 1;\n',
    'docs/a.md': 'one\ntwo\nthree\nfour\nfive\nsix\n',
  },
  ours: {
    'src/slugify.js': code('  const slug = text.toLowerCase().trim();\n  return slug.slice(0, limit);\n'),
    'docs/a.md': 'ONE\ntwo\nthree\nfour\nfive\nsix\n',
  },
  theirs: {
    'src/slugify.js': code("  const slug = text.toLowerCase().normalize('NFKD');\n  return slug.slice(0, limit);\n"),
    'src/other.js': 'export const other = 2;\n',
    'docs/a.md': 'one\ntwo\nthree\nfour\nfive\nSIX\n',
  },
};
const resolved = code("  const slug = text.toLowerCase().normalize('NFKD').trim();\n  return slug.slice(0, limit);\n");
const signal = AbortSignal.timeout(120_000);

async function opened(
  scene: MergeScene,
): Promise<{ task: Awaited<ReturnType<MergeScene['taskFor']>>; workspace: GitWorkspace }> {
  const task = await scene.taskFor(await scene.brief({ kind: 'base' }));
  return { task, workspace: await scene.openWorkspace(task) };
}

async function collected(workspace: GitWorkspace): Promise<PatchManifest> {
  const patch = await workspace.collectPatch(runId, signal);
  if (patch === undefined) throw new Error('nothing was collected');
  return patch;
}

describe('a base that went on', { timeout: 120_000 }, () => {
  test('is noticed when GitHub cannot merge the pull request, and not when it can', async () => {
    await using scene = await mergeScene(files);
    const found = await scene.brief({ kind: 'base' });
    const main = await scene.at.forge.branchHead('main');
    expect(found).toMatchObject({
      kind: 'brief',
      brief: { reasons: [{ kind: 'conflict', baseSha: main, paths: ['docs/a.md', 'src/slugify.js'] }] },
      mergeOf: { bothChanged: ['docs/a.md', 'src/slugify.js'] },
    });
    expect(await scene.brief({ kind: 'asked' })).toMatchObject({ brief: { reasons: [{ kind: 'conflict' }] } });
    await using quiet = await mergeScene({ ...files, theirs: { 'src/other.js': 'export const other = 2;\n' } });
    expect(await quiet.brief({ kind: 'base' })).toMatchObject({ kind: 'nothing' });
  });

  test('lies in the workspace as git’s own merge, with marks only where git cannot merge', async () => {
    await using scene = await mergeScene(files);
    const { workspace } = await opened(scene);
    await using closing = workspace;
    const read = (name: string): string => readFileSync(join(closing.root, name), 'utf8');
    expect(read('docs/a.md')).toBe('ONE\ntwo\nthree\nfour\nfive\nSIX\n');
    expect(read('src/other.js')).toBe('export const other = 2;\n');
    expect(read('src/slugify.js')).toMatch(
      /<<<<<<< this-branch\n.*trim.*\n\|{7} .*\n.*\n=======\n.*NFKD.*\n>>>>>>> base-branch\n/,
    );
    expect(workspace.merge?.conflicted).toEqual(['src/slugify.js']);
  });

  test('is refused to the model while marks are left, and when either side was dropped', async () => {
    await using scene = await mergeScene(files);
    const { task, workspace } = await opened(scene);
    await using closing = workspace;
    const judge = async (content?: string) => {
      if (content !== undefined) writeFileSync(join(closing.root, 'src/slugify.js'), content);
      return judgeWorkspaceMerge({ task, workspace }, await collected(workspace), signal);
    };
    expect((await judge())?.why).toMatch(/^marks of the conflict are left: "src\/slugify\.js", line \d/);
    const dropped = await judge(files.ours['src/slugify.js']);
    expect(dropped?.why).toBe('1 change of the base branch is not in the merge');
    expect(dropped?.advice).toContain("normalize('NFKD')");
    expect((await judge(files.theirs['src/slugify.js']))?.why).toBe('1 change of this branch is not in the merge');
    expect(await judge(resolved)).toBeUndefined();
    // What git had merged by itself is judged as soon as somebody touches it.
    writeFileSync(join(closing.root, 'docs/a.md'), files.base['docs/a.md']);
    expect((await judge())?.why).toBe('1 change of this branch and 1 change of the base branch are not in the merge');
  });

  test('is published as one commit with two parents, told in the pull request, and GitHub can merge it then', async () => {
    await using scene = await mergeScene(files);
    const { task, workspace } = await opened(scene);
    await using closing = workspace;
    writeFileSync(join(closing.root, 'src/slugify.js'), resolved);
    const patch = await collected(workspace);
    expect(patch.files.map(({ path }) => path)).toEqual(['docs/a.md', 'src/slugify.js']);
    const { testsBefore: _none, ...result } = readyResult(patch);
    const report = await scene.publish(task, result);
    expect(report).toMatchObject({ outcome: 'succeeded', pullRequest: { number: scene.pull.number } });
    const { forge } = scene.at;
    const head = await forge.commit((await forge.branchHead(scene.pull.headBranch)) ?? '');
    expect(head.parents).toEqual([scene.pull.headSha, task.base.sha]);
    const pull = await forge.pullRequest(scene.pull.number);
    expect(pull?.mergeable).toBe('yes');
    expect(pull?.body).toContain(`\`main\` at \`${task.base.sha.slice(0, 12)}\` was merged into this branch.`);
    expect(Buffer.from((await forge.file('src/other.js', head.sha)) ?? []).toString()).toBe(
      'export const other = 2;\n',
    );
    // Published again, as after a crash: the commit is found, not made anew.
    const again = await scene.publish(task, result);
    expect(again.headSha).toBe(head.sha);
  });

  test('is not published when the hand-over has dropped a side, whatever the agent says', async () => {
    await using scene = await mergeScene(files);
    const { task, workspace } = await opened(scene);
    await using closing = workspace;
    for (const [content, side] of [
      [files.ours['src/slugify.js'], 'the base branch'],
      [files.theirs['src/slugify.js'], 'this branch'],
    ] as const) {
      writeFileSync(join(closing.root, 'src/slugify.js'), content);
      const report = await scene.publish(task, readyResult(await collected(workspace)));
      expect(report).toMatchObject({ outcome: 'blocked', error: { code: 'E604' } });
      expect(report.reason).toContain(`1 change of ${side} is not in the merge`);
    }
    expect(await scene.at.forge.branchHead(scene.pull.headBranch)).toBe(scene.pull.headSha);
  });

  test('is handed to a person when its tests fail or were not run, and when somebody pushed meanwhile', async () => {
    await using scene = await mergeScene(files);
    const { task, workspace } = await opened(scene);
    await using closing = workspace;
    writeFileSync(join(closing.root, 'src/slugify.js'), resolved);
    const patch = await collected(workspace);
    const result = readyResult(patch);
    const failed = { ...result, testsAfter: { ...result.testsBefore, exitCode: 1 } };
    const tested = { ...task, testCommand: 'npm test' };
    expect((await scene.publish(tested, failed)).reason).toContain('With the base merged, the tests fail');
    const { testsAfter: _none, ...untested } = result;
    expect((await scene.publish(tested, untested)).reason).toContain('With the base merged, the tests were not run');
    const pushed = await scene.push(scene.pull.headBranch, { 'src/new.js': 'x\n' });
    const report = await scene.publish(task, result);
    expect(report).toMatchObject({ outcome: 'blocked', error: { code: 'E604' } });
    expect(report.reason).toContain('while its base was merged');
    expect(await scene.at.forge.branchHead(scene.pull.headBranch)).toBe(pushed);
  });
});
