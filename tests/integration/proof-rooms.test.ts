import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { call, calling } from '../fakes/list-model.ts';
import { type ObedientRunOptions, obedientRun } from '../fakes/obedient-run.ts';

const submission = { title: 'Make it good', body: 'It is good now.', verified: [] };
const submit = call('submit', submission);
const bash = (command: string) => call('bash', { command });

/** A test that a program of node_modules runs, as npm does; it passes when `a.txt` says `good`. */
const files = {
  'a.txt': 'bad\n',
  '.gitignore': 'node_modules\ncache\nout\n',
  'test.sh': 'PATH=$PWD/node_modules/.bin:$PATH; check a.txt\n',
};

const setUp: ObedientRunOptions['setUp'] = ({ write, chmod }, home) => {
  write('node_modules/.bin/check', '#!/bin/sh\ngrep -q good "$1" || { echo 1 failed; exit 1; }\n');
  chmod('node_modules/.bin/check', 0o755);
  for (let at = 0; at < 20; at += 1) write(`node_modules/lib-${at}/index.js`, `${at}\n`);
  write('cache/from-set-up', 'x\n');
  mkdirSync(path.join(home, 'store'));
  writeFileSync(path.join(home, 'store/kept'), 'kept\n');
  writeFileSync(path.join(home, '.rc'), 'plain\n');
};

const run = (replies: ObedientRunOptions['replies'], more: Partial<ObedientRunOptions> = {}) =>
  obedientRun({ files, setUp, replies, signal: AbortSignal.timeout(60_000), ...more });

describe('tests that speak for a submission', () => {
  it('find the change, what set-up left and the home as set-up left it, and the workspace is whole again after', async () => {
    const testCommand = 'test -f ~/store/kept && test "$(cat ~/.rc)" = plain && git log -1 --format=%s && sh test.sh';
    let names: readonly string[] = [];
    const { result } = await run([calling(bash('echo good >a.txt'), submit)], {
      task: { testCommand },
      look: (root, home) => {
        names = [
          ...readdirSync(root),
          ...readdirSync(path.dirname(root)),
          ...readdirSync(path.join(root, 'node_modules')),
        ];
        expect(readFileSync(path.join(home, 'store/kept'), 'utf8')).toBe('kept\n');
      },
    });
    expect(result).toMatchObject({
      outcome: 'succeeded',
      reason: `The change is ready, and \`${testCommand}\` passes.`,
      testsAfter: { exitCode: 0, output: 'first\n' },
      proof: { room: 'fresh', leftOut: { count: 0, paths: [] } },
    });
    expect(names).toContain('cache');
    expect(names).toContain('lib-19');
    expect(names.filter((name) => name.includes('proof'))).toEqual([]);
  });

  it.each([
    ['a program that set-up installed', 'echo exit 0 >node_modules/.bin/check', 'node_modules/.bin/check'],
    [
      'one that looks as old as before',
      'cp -p node_modules/.bin/check /tmp/c; echo exit 0 >node_modules/.bin/check; touch -r /tmp/c node_modules/.bin/check',
      'node_modules/.bin/check',
    ],
    [
      'one put in its place',
      'echo exit 0 >/tmp/c; chmod +x /tmp/c; mv /tmp/c node_modules/.bin/check',
      'node_modules/.bin/check',
    ],
    [
      'a folder exchanged for another',
      'cp -rp node_modules /tmp/n; rm -r node_modules; mv /tmp/n node_modules; echo exit 0 >node_modules/.bin/check',
      'node_modules/',
    ],
    [
      'a folder exchanged for a link',
      'mv node_modules out; echo exit 0 >out/.bin/check; ln -s out node_modules',
      'node_modules',
    ],
  ])(
    'do not run %s',
    async (_what, forge, named) => {
      const { result } = await run([calling(bash(`echo '# changed' >>a.txt; ${forge}`), bash('sh test.sh'), submit)]);
      expect(result.proof).toMatchObject({ room: 'own', why: 'in a fresh place they fail', fresh: { exitCode: 127 } });
      expect(result.proof?.leftOut.paths.some((path) => path.startsWith(named))).toBe(true);
      expect(result.reason).toContain('passes; not checked independently');
    },
    20_000,
  );

  it('do not read a home that the agent prepared', async () => {
    const task = { testCommand: 'test "$(cat ~/.rc)" = forged || sh test.sh' };
    const { result } = await run([calling(bash('echo "# changed" >>a.txt; echo forged >~/.rc'), submit)], { task });
    expect(result.reason).toContain('fails with it as it did before (exit code 1).');
    expect(result.proof).toEqual({ room: 'fresh', leftOut: { count: 1, paths: ['~/.rc'] } });
  });

  it('are not asked twice when they fail in both places, and the model reads what the fresh one said', async () => {
    const { result, model, recorder } = await run([
      calling(bash('echo worse >a.txt; rm test.sh; printf "exit 3\\n" >test.sh; touch out'), submit),
      calling(
        bash(
          "git checkout -q test.sh 2>/dev/null; printf 'PATH=$PWD/node_modules/.bin:$PATH; check a.txt\\n' >test.sh; echo good >a.txt",
        ),
        submit,
      ),
    ]);
    expect(JSON.stringify(model.requests[1]?.messages.at(-1))).toContain('exit code 3');
    expect(result).toMatchObject({
      outcome: 'succeeded',
      proof: { room: 'fresh', leftOut: { count: 1, paths: ['out'] } },
    });
    expect(recorder.ofType('tests.finished').map(({ phase }) => phase)).toEqual(['before', 'after', 'after', 'after']);
  });

  it('leave the files of set-up usable for a second submission, but for what they wrote themselves', async () => {
    const write = 'echo x >>cache/from-set-up; sh test.sh';
    const { result } = await run(
      [
        calling(bash('echo "exit 5" >test.sh'), submit),
        calling(bash("printf 'PATH=$PWD/node_modules/.bin:$PATH; check a.txt\\n' >test.sh; echo good >a.txt"), submit),
      ],
      { task: { testCommand: write } },
    );
    expect(result).toMatchObject({
      outcome: 'succeeded',
      proof: { room: 'fresh', leftOut: { paths: ['cache/from-set-up'] } },
    });
  });

  it('are not led out of their room by links that they plant for what is moved back', async () => {
    const replace = 'rm -rf node_modules cache; ln -s /etc node_modules; ln -s /usr cache';
    const outside = `grep -q good a.txt && { ${replace}; }`;
    let there = false;
    const { result } = await run([calling(bash('touch node_modules/new; echo good >a.txt'), submit)], {
      task: { testCommand: outside },
      files,
      look: (root) => {
        there = existsSync(path.join(root, 'node_modules/passwd'));
      },
    });
    expect(result.outcome).toBe('succeeded');
    expect(there).toBe(false);
  });
});
