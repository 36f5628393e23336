import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandNames } from '../../../src/domain/command.ts';
import { runCommand, runCommandText } from '../../fakes/command-line.ts';
import { tempFolder } from '../../fakes/temp-folder.ts';

const policy = `who:
  fix: triage
  approve:
    - maintain
    - octo/security
allow-users: [carol]
paths:
  protected:
    - src/legal
  unprotected: [package.json]
  review-required:
    - "migrations/**"
`;

function inFolder(text: string) {
  const folder = tempFolder({ 'policy.yml': text });
  return { file: path.join(folder.root, 'policy.yml'), [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

describe('policy check', () => {
  it('ends with 0 when nothing is wrong, and with 2 and a line and a fix for each thing that is', async () => {
    using good = inFolder(policy);
    expect(await runCommandText(['policy', 'check', good.file])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^✔ .*: 5 settings/),
    });
  });

  it('tells unsafe settings with the lines of both', async () => {
    using bad = inFolder('draft: false\nmerge: auto\ntest: make\nallow-users: [carol]\nmodle: x\n');
    const wrong = await runCommandText(['policy', 'check', bad.file]);
    expect(wrong.code).toBe(2);
    expect(wrong.stdout).toContain('policy.yml:5:1 unknown key "modle"; did you mean "model"?');
    using unsafe = inFolder('draft: false\nmerge: auto\ntest: make\nallow-users: [carol]\n');
    const told = await runCommandText(['policy', 'check', unsafe.file]);
    expect(told.code).toBe(2);
    expect(told.stdout).toMatch(/policy\.yml:2:1 merge is auto together with allow-users \(carol\)/);
    expect(told.stdout).toContain('with   allow-users in line 4');
    expect(told.stdout).toMatch(/fix {4}set merge: never/);
    const { json, code } = await runCommand(['policy', 'check', unsafe.file, '--json']);
    expect([code, json.ok, json.findings[0]]).toMatchObject([2, false, { kind: 'unsafe', line: 2, column: 1 }]);
  });

  it('refuses a file that is not there', async () => {
    expect(await runCommandText(['policy', 'check', '/nowhere/x.yml'])).toMatchObject({ code: 2 });
  });
});

describe('policy explain', () => {
  const explain = async (subject: string, ...more: string[]) => {
    using file = inFolder(policy);
    const result = await runCommand(['policy', 'explain', subject, '--file', file.file, '--json', ...more]);
    return result.json;
  };

  it.each([
    ['src/a.ts', 'allowed', []],
    ['src/legal/x.md', 'refused', [{ strength: 'hard', setting: 'paths.protected', glob: 'src/legal', place: /:9$/ }]],
    ['migrations/1.sql', 'held', [{ strength: 'soft', setting: 'paths.review-required', place: /:12$/ }]],
    ['package.json', 'allowed', [{ strength: 'opens', setting: 'paths.unprotected', place: /:10$/ }]],
    ['.github/workflows/x.yml', 'refused', [{ strength: 'hard', setting: null, place: null }]],
    ['.git /hooks/x', 'refused', [{ strength: 'hard', change: null }]],
  ])('%s: %s', async (subject, verdict, rules) => {
    const told = await explain(subject);
    expect(told).toMatchObject({ kind: 'path', subject, verdict });
    expect(told.rules).toHaveLength(rules.length);
    rules.forEach(({ place, ...rule }: Record<string, unknown>, index) => {
      expect(told.rules[index]).toMatchObject(rule);
      if (place instanceof RegExp) expect(told.rules[index].place).toMatch(place);
      else expect(told.rules[index].place).toBe(place ?? null);
    });
  });

  it('tells of a person command by command what they need, and where that stands', async () => {
    const { commands } = await explain('@carol');
    const of = (name: string) => commands.find(({ command }: { command: string }) => command === name);
    expect(of('fix')).toMatchObject({
      may: { kind: 'from', permission: 'triage' },
      place: expect.stringMatching(/:2$/),
    });
    expect(of('stop')).toMatchObject({ may: { kind: 'always', because: 'listed' }, setting: 'allow-users' });
    expect(of('approve')).toMatchObject({ may: { kind: 'from', permission: 'maintain' }, teams: ['octo/security'] });
    expect((await explain('renovate[bot]')).commands[0]).toMatchObject({ may: { kind: 'never' } });
  });

  it('names every command', async () => {
    const { commands } = await explain('@bob');
    expect(commands.map(({ command }: { command: string }) => command)).toEqual(commandNames);
  });

  it.each(['@', '@-bad-', '@a b', '@a/b/c', ' '])('refuses "%s", which is nobody', async (subject) => {
    using file = inFolder(policy);
    const refused = await runCommandText(['policy', 'explain', subject, '--file', file.file]);
    expect(refused).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('E100') });
  });

  it('tells of a team what who says of it', async () => {
    const told = await explain('@Octo/security');
    expect(told).toMatchObject({ kind: 'team', subject: 'Octo/security' });
    const named = told.commands.filter(({ named }: { named: boolean }) => named);
    expect(named).toEqual([{ command: 'approve', named: true, setting: 'who', place: expect.stringMatching(/:3$/) }]);
    using file = inFolder(policy);
    const text = await runCommandText(['policy', 'explain', '@octo/other', '--file', file.file]);
    expect(text).toMatchObject({ code: 0, stdout: expect.stringMatching(/^octo\/other\n {2}fix {6}not as members\n/) });
  });

  it('takes a name with a slash at its end as a folder', async () => {
    expect(await explain('src/')).toMatchObject({ kind: 'path', subject: 'src/', verdict: 'allowed', rules: [] });
    expect(await explain('migrations/')).toMatchObject({ verdict: 'held' });
    const opened = await explain('.github/');
    const change = 'add ".github/" to paths.unprotected, and to paths.review-required';
    expect(opened).toMatchObject({ verdict: 'refused', rules: [{ change }] });
    using file = inFolder(policy);
    const text = await runCommandText(['policy', 'explain', 'src/', '--file', file.file]);
    expect(text.stdout).toMatch(/^src\/ {2}a file in it that no other rule names may change\n/);
  });

  it.each(['.github/workflows/ci.yml', 'AGENTS.md', '.github/', 'package.json'])(
    'what it says of %s makes a policy that nothing is wrong with',
    async (subject) => {
      using none = inFolder('test: make\n');
      const { json } = await runCommand(['policy', 'explain', subject, '--file', none.file, '--json']);
      const { change } = json.rules[0];
      const review = change.includes('paths.review-required') ? `, review-required: ["${subject}"]` : '';
      using followed = inFolder(`paths: { unprotected: ["${subject}"]${review} }\n`);
      expect(await runCommandText(['policy', 'check', followed.file])).toMatchObject({ code: 0 });
    },
  );

  it('asks which is meant when a word could be both', async () => {
    using file = inFolder(policy);
    const asked = await runCommandText(['policy', 'explain', 'carol', '--file', file.file]);
    expect(asked).toMatchObject({ code: 2, stderr: expect.stringContaining('write @carol, or --as path') });
    expect(await runCommandText(['policy', 'explain', 'Makefile', '--as', 'path', '--file', file.file])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('may change'),
    });
  });
});
