import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RealRepository, realRepository } from '../fakes/real-repository.ts';
import { openStage, type Stage } from './stage.ts';

const bash = (command: string) => ({ tool: 'bash', input: { command } });
const submit = { tool: 'submit', input: { title: 'Do as asked', body: 'Done.', verified: [] } };
const png = Buffer.from('89504e470d0a1a0a0000000d49484452ff00', 'hex');
const newPng = Buffer.from('89504e47ff0001', 'hex');

describe('changes that are more than text in a file', () => {
  let source: RealRepository;
  let stage: Stage;

  beforeAll(async () => {
    source = realRepository({
      'README.md': '# odd\n',
      'windows.txt': 'one\r\ntwo\r\nthree\r\n',
      'old-name.txt': 'This text stays the same when the file gets another name.\n'.repeat(5),
      'gone.txt': 'to be deleted\n',
      'tool.sh': 'echo hello\n',
      'logo.png': png,
    });
    stage = await openStage({ source: { kind: 'git', path: source.root } });
  });
  afterAll(async () => {
    await stage[Symbol.asyncDispose]();
    source[Symbol.dispose]();
  });

  /** An agent that does this, hands it in as often as it may, and what came of it. */
  const work = async (calls: readonly unknown[], submissions = 1) => {
    const issue = await stage.openIssue();
    const script = path.join(stage.root, `odd-${issue}.script.json`);
    const replies = [{ calls }, ...Array(submissions).fill({ calls: [submit] })];
    writeFileSync(script, JSON.stringify({ script: 1, replies }));
    const before = { pulls: (await stage.pulls()).length, branches: await stage.branches() };
    const run = await stage.run({
      payload: await stage.comment(issue, '/agent fix'),
      issue,
      inputs: { model: `scripted:${script}` },
    });
    const publish = run.report.jobs.find(({ id }) => id.endsWith('publish'))?.outputs;
    return { issue, before, run, publish };
  };

  it('are published to the byte: CRLF, binary, executable, renamed, deleted, odd names', async () => {
    const { publish, run } = await work([
      { tool: 'edit_file', input: { path: 'windows.txt', old_text: 'two\n', new_text: 'two and a half\n' } },
      bash(
        'git mv old-name.txt new-name.txt 2>/dev/null || mv old-name.txt new-name.txt; rm gone.txt; chmod +x tool.sh',
      ),
      bash(`printf '\\x89PNG\\xff\\x00\\x01' > logo.png; printf '\\xff\\xfe\\x00bin' > "new file ü.bin"`),
    ]);
    expect(publish).toMatchObject({ outcome: 'succeeded' });
    expect(run.report.conclusion).toBe('success');

    const fetched = ['fetch', '--quiet', stage.github.gitUrl('octo', 'slug'), publish?.['branch'] ?? ''];
    // Not synchronously: the server that answers lives in this very process.
    await promisify(execFile)('git', fetched, { cwd: source.root });
    expect(source.git('diff', '--name-status', '-M', 'main', 'FETCH_HEAD').split('\n').sort()).toEqual([
      'A\t"new file \\303\\274.bin"',
      'D\tgone.txt',
      'M\tlogo.png',
      'M\ttool.sh',
      'M\twindows.txt',
      'R100\told-name.txt\tnew-name.txt',
    ]);
    const expected = {
      'windows.txt': 'one\r\ntwo and a half\r\nthree\r\n',
      'tool.sh': 'echo hello\n',
      'logo.png': newPng,
    };
    for (const [name, content] of Object.entries(expected)) {
      source.write(`../temp/${name}`, content);
      const id = source.git('hash-object', '--no-filters', `../temp/${name}`);
      expect([name, source.git('rev-parse', `FETCH_HEAD:${name}`)]).toEqual([name, id]);
    }
    expect(source.git('ls-tree', 'FETCH_HEAD', 'tool.sh')).toMatch(/^100755 /);
  });

  it.each([
    {
      what: 'a protected path',
      calls: [bash('mkdir -p .github/workflows && echo "on: push" > .github/workflows/x.yml')],
      why: /\.github\/workflows\/x\.yml[\s\S]*protected/,
    },
    {
      what: 'more files than may change',
      calls: [bash('for i in $(seq 60); do echo $i > file-$i.txt; done')],
      why: /60 files; at most 50/,
    },
    {
      what: 'a file of 10 MB',
      calls: [bash('head -c 10485760 /dev/urandom > large.bin')],
      why: /at most|larger|bytes/,
    },
    { what: 'a symbolic link', calls: [bash('ln -s /etc/passwd passwd.txt')], why: /passwd\.txt[\s\S]*symbolic link/ },
    {
      what: 'a name that is not UTF-8',
      calls: [bash('touch "$(printf \'bad\\377.txt\')"; echo x > other.txt')],
      why: /bad/,
    },
    { what: 'a nested repository', calls: [bash('git init -q nested && touch nested/a')], why: /nested/ },
  ])('are not published with $what: the issue is told, nothing else is written', async ({ calls, why }) => {
    const { issue, before, publish, run } = await work(calls, 3);
    expect(publish).toMatchObject({ outcome: 'failed', 'pull-request': '', branch: '' });
    expect(run.report.conclusion).toBe('failure');
    const told = await stage.tracking(issue);
    expect(told).toContain('coder failed');
    expect(told).toMatch(why);
    expect((await stage.pulls()).length).toBe(before.pulls);
    expect(await stage.branches()).toEqual(before.branches);
    expect(await stage.claim(issue)).toEqual({ state: 'free', fence: 1 });
  });
});
