import { rmSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { openWorkspace } from '../../src/adapters/git/open-workspace.ts';
import { createSecretScanner } from '../../src/adapters/secretlint/secret-scanner.ts';
import { publishScene, readyResult, runId } from '../fakes/publish-scene.ts';
import { realRepository } from '../fakes/real-repository.ts';

const signal = AbortSignal.timeout(30_000);

it('publishes what git collected, to the byte and to the very tree that git would have committed', async () => {
  const scene = await publishScene();
  using repository = realRepository({ 'README.md': '# slug\n', 'src/slugify.ts': 'old\n', 'gone.txt': 'x\n' });
  await using workspace = await openWorkspace({ root: repository.root, tempDir: repository.temp, signal });
  await workspace.markStart(signal);
  const written = {
    'README.md': '# slug\r\n',
    'src/slugify.ts': 'naïve \u{1F600}\n',
    'deep/er/new file.txt': 'no newline at the end',
    'src/image.bin': Buffer.from([0, 1, 2, 255]),
  };
  for (const [name, content] of Object.entries(written)) repository.write(name, content);
  rmSync(path.join(repository.root, 'gone.txt'));
  const collected = await workspace.collectPatch(runId, signal);
  if (collected === undefined) throw new Error('nothing was collected');

  // The forge of the scene has the same files in another commit: the trees are the same, the commits are not.
  const base = scene.forge.git.commit(scene.task.base.sha);
  expect(base.treeSha).toBe(collected.base.treeSha);
  const patch = { ...collected, base: { sha: base.sha, treeSha: base.treeSha } };
  const report = await scene.publish(readyResult(patch), { scanner: createSecretScanner({ known: {} }) });

  expect(report.outcome).toBe('succeeded');
  repository.commit('by hand');
  const published = scene.forge.git.commit(report.headSha ?? '');
  expect(published.treeSha).toBe(repository.git('rev-parse', 'HEAD^{tree}'));
});
