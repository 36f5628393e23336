import type { PullFile } from '../../../../src/ports/forge-reviews.ts';
import { pullNumber, reportedScene } from '../../../fakes/reported-scene.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';

const run = { command: 'npm test', timedOut: false, durationMs: 10, output: '' } as const;

/** What is said of a pull request with this change, whose test fails before it and passes after it. */
async function verdictOn(path: string, patch: string | undefined): Promise<string> {
  const scene = await reportedScene('verification');
  const file: PullFile = { path, previousPath: undefined, status: 'modified', patch };
  scene.forge.reviews.diffs.set(pullNumber, [file]);
  const evidence = { onBase: { ...run, exitCode: 1 }, onHead: { ...run, exitCode: 0 } };
  const report = { kind: 'verification', summary: 'It works.', command: 'npm test', notVerified: [] } as const;
  const published = await scene.deliver(report, { result: { evidence } });
  return published.stage?.kind === 'verified' ? published.stage.verdict : published.reason;
}

const scripts = '@@ -1,3 +1,3 @@\n {\n-  "test": "vitest run"\n+  "test": "exit 0"\n }';
const versions = '@@ -1,3 +1,3 @@\n {\n-    "vitest": "^3.0.0",\n+    "vitest": "^3.0.1",\n }';

export const bentByThePull: Attack = {
  id: 'M7',
  title: 'a pull request changes how tests run, so that every test passes with it',
  attack: async () => {
    const bends: readonly (readonly [string, string | undefined])[] = [
      ['package.json', scripts],
      ['package.json', undefined],
      ['vitest.config.ts', '+export default { test: { include: [] } };'],
      ['tests/conftest.py', '+import os; os._exit(0)'],
      ['pyproject.toml', '+addopts = "--collect-only"'],
    ];
    for (const [path, patch] of bends) {
      const verdict = await verdictOn(path, patch);
      if (verdict !== 'unproven') return escaped(`${path}: ${verdict}`);
    }
    return contained('what passes by rules of its own counts for nothing');
  },
  twin: async () => {
    const [code, dependency] = [await verdictOn('src/slugify.ts', '+two'), await verdictOn('package.json', versions)];
    return code === 'confirmed' && dependency === 'confirmed'
      ? passed('a change of code, or of versions, is confirmed')
      : hindered(`${code}, ${dependency}`);
  },
};
