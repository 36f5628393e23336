import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(`${root}README.md`, 'utf8');
const blocks = [...readme.matchAll(/```(?:ts|typescript)\n([\s\S]*?)```/g)].map(([, code = '']) => code);

function run(code: string) {
  const file = `${root}example-${process.pid}.ts`;
  writeFileSync(file, code);
  try {
    return spawnSync(process.execPath, [file], { cwd: root, encoding: 'utf8', timeout: 20_000 });
  } finally {
    rmSync(file);
  }
}

test('there are examples', () => assert.ok(blocks.length >= 3, `${blocks.length} examples`));
test('each runs as it stands and imports the library', () => {
  for (const code of blocks) {
    assert.match(code, /from '\.\/src\/index\.ts'/);
    const ran = run(code);
    assert.equal(ran.status, 0, `${code}\n${ran.stderr}`);
  }
});
test('each prints what its comments say', () => {
  for (const code of blocks) {
    const said = code
      .split('\n')
      .filter((line) => line.includes('console.log(') && /\/\/ ?\S/.test(line.slice(line.indexOf('console.log('))))
      .map((line) => line.slice(line.lastIndexOf('//') + 2).trim());
    const printed = run(code).stdout.trim().split('\n').map((line) => line.trim());
    for (const text of said) assert.ok(printed.includes(text), `"${text}" is not printed by\n${code}\nbut ${printed.join(' | ')}`);
  }
  const told = blocks.join('\n').match(/console\.log\([^\n]*\/\/ ?\S/g)?.length ?? 0;
  assert.ok(told >= 3, 'few examples tell what they print');
});
test('all four functions are shown at work', () => {
  for (const name of ['signal', 'computed', 'effect', 'batch']) {
    assert.ok(blocks.some((code) => new RegExp(`\\b${name}\\(`).test(code)), name);
  }
  assert.ok(blocks.some((code) => /(?:const|let) (\w+) = effect\([\s\S]*\b\1\(\)/.test(code)), 'how an effect is stopped');
});
test('nothing old is left', () => assert.doesNotMatch(readme, /\bwatch\(|\[\w+, set\w+\]|import \{[^}]*\bwatch\b/));
