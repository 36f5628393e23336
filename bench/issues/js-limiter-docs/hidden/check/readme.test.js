import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(`${root}README.md`, 'utf8');
const blocks = [...readme.matchAll(/```(?:js|javascript)\n([\s\S]*?)```/g)].map(([, code]) => code);

function run(code) {
  const file = `${root}example-${process.pid}.mjs`;
  writeFileSync(file, code);
  try {
    return spawnSync(process.execPath, [file], { cwd: root, encoding: 'utf8', timeout: 20_000 });
  } finally {
    rmSync(file);
  }
}

test('three examples, each imports the library', () => {
  assert.ok(blocks.length >= 3, `${blocks.length} examples`);
  for (const code of blocks) assert.match(code, /from '\.\/src\/index\.js'/);
});
test('each runs', () => {
  for (const code of blocks) assert.equal(run(code).status, 0, `${code}\n${run(code).stderr}`);
});
test('each prints, line by line, what its comments say', () => {
  for (const code of blocks) {
    const said = code.split('\n').flatMap((line) => /console\.log\(.*\/\/ ?(\S.*)$/.exec(line)?.[1]?.trim() ?? []);
    const printed = run(code).stdout.trim().split('\n').map((line) => line.trim());
    assert.ok(said.length > 0, `nothing is said of what this prints:\n${code}`);
    assert.deepEqual(printed, said, code);
  }
});
test('taking, refusal, time and peek are shown', () => {
  const all = blocks.join('\n');
  assert.match(all, /\.take\(/);
  assert.match(all, /\.peek\(/);
  assert.match(all, /retryAfterMs/);
  assert.match(all, /\bnow\b/);
});
test('the wrong names are gone and the options are told', () => {
  assert.doesNotMatch(readme, /\.check\(|`perSecond`|\bperSecond:/);
  assert.match(readme, /`refillPerSecond`/);
});
