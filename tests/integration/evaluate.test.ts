import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runAttempt } from '../../src/runtime/evaluate/attempt.ts';
import { packageRoot } from '../../src/runtime/package-root.ts';
import { type TempFolder, tempFolder } from '../fakes/temp-folder.ts';
import { type CliOptions, runCli } from './cli/run-cli.ts';

const issue = 'js-debounce-last';

function evaluate(temp: TempFolder, args: readonly string[], more: CliOptions = {}) {
  const env = { HOME: temp.root, ENTROPY_STATE_DIR: path.join(temp.root, 'state'), ...more.env };
  return runCli(['evaluate', ...args], { ...more, cwd: temp.root, env });
}

const linesOf = (file: string): readonly { type: string; verdict?: string; issue?: string }[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('evaluate', () => {
  it('tells the rate with model, day, number and interval, and goes on with results without running them again', {
    timeout: 180_000,
  }, async () => {
    using temp = tempFolder();
    const out = path.join(temp.root, 'out');
    const args = ['--model', 'reference', '--only', issue, '--json'];
    const { code, stdout, stderr } = await evaluate(temp, [...args, '--out', out]);
    expect([code, stderr]).toEqual([0, expect.stringContaining(`1 of 1  solved   ${issue}`)]);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({
      ...{ schema: 1, model: 'reference', attempts: 1, issues: 1, solved: 1, rate: 1, stopped: null },
      ...{ failures: [], unjudged: [], untried: [], weakened: [] },
      date: new Date().toISOString().slice(0, 10),
      interval: { low: expect.closeTo(0.2065, 3), high: 1 },
      byLanguage: { javascript: { solved: 1 } },
      byKind: { bug: { solved: 1 } },
    });
    expect(linesOf(report.results).map(({ type }) => type)).toEqual(['evaluation', 'started', 'ended']);

    const again = await evaluate(temp, [...args, '--resume', report.results]);
    expect([again.code, again.stderr]).toEqual([0, '']);
    expect(JSON.parse(again.stdout)).toMatchObject({ attempts: 1, solved: 1, seconds: report.seconds });
    expect(linesOf(report.results)).toHaveLength(3);

    const other = await evaluate(temp, ['--model', 'do-nothing', '--only', issue, '--resume', report.results]);
    expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('one rate is of one model')]);

    const before = readFileSync(report.results, 'utf8');
    const limited = ['--model', 'reference', '--only', issue, '--resume', report.results, '--max-turns', '7'];
    const less = await evaluate(temp, limited);
    expect([less.code, less.stderr]).toEqual([2, expect.stringContaining('under one set of limits')]);
    expect(readFileSync(report.results, 'utf8')).toBe(before);
  });

  it('tells what an attempt cost whose judge broke', async () => {
    using temp = tempFolder();
    const keepDir = path.join(temp.root, 'kept');
    // The judge cannot write down what it saw.
    mkdirSync(path.join(keepDir, 'judge.txt'), { recursive: true });
    const folder = path.join(packageRoot(), 'bench', 'issues', issue);
    const request = { issue, attempt: 1, folder, model: { kind: 'reference' }, keepDir, settings: {} } as const;
    const record = await runAttempt(request, new AbortController().signal);
    expect(record).toMatchObject({
      verdict: 'faulted',
      reason: expect.stringContaining('judge.txt'),
      outcome: 'succeeded',
    });
    expect([record.turns, record.modelCalls, record.digest.length]).toEqual([5, 5, 64]);
  });

  it('keeps what was judged when somebody interrupts, and says how to go on', { timeout: 180_000 }, async () => {
    using temp = tempFolder();
    const out = path.join(temp.root, 'out');
    const args = ['--model', 'do-nothing', '--only', `${issue},js-csv-quotes`, '--parallel', '1', '--out', out];
    const when = { seen: '1 of 2', act: (child: { kill(signal: 'SIGINT'): unknown }) => void child.kill('SIGINT') };
    const { code, stdout } = await evaluate(temp, args, { when });
    expect(code).toBe(130);
    expect(stdout).toContain('0 of 1 · 0.0 %');
    expect(stdout).toContain(`--model do-nothing --resume ${out}/results.jsonl`);
    const judged = linesOf(path.join(out, 'results.jsonl')).filter(({ verdict }) => verdict === 'failed');
    expect(judged).toHaveLength(1);
  });

  it('begins nothing where the agents could read the hidden tests', async () => {
    using temp = tempFolder();
    const packages = path.join(temp.root, 'node_modules');
    mkdirSync(path.join(packages, '.bin'), { recursive: true });
    const issues = path.join(packages, 'issues');
    cpSync(path.join(packageRoot(), 'bench', 'issues', issue), path.join(issues, issue), { recursive: true });
    const PATH = `${path.join(packages, '.bin')}:${process.env['PATH']}`;
    const ran = await evaluate(temp, ['--model', 'reference', '--issues', issues, '--json'], { env: { PATH } });
    expect(JSON.parse(ran.stdout).error).toMatchObject({ code: 'E401', message: expect.stringContaining(issue) });
    expect(ran.code).toBe(1);
  });

  it('asks for a key before anything begins, and refuses what it does not know', async () => {
    using temp = tempFolder();
    const codes = async (...args: string[]) => (await evaluate(temp, args)).code;
    expect(await codes('--model', 'claude-opus-4-8')).toBe(4);
    expect(await codes('--model', 'reference', '--only', 'no-such-issue')).toBe(2);
    expect(await codes('--model', 'reference', '--language', 'cobol')).toBe(2);
    expect(await codes('--model', 'reference', '--parallel', '0')).toBe(2);
    expect(await codes('--model', 'reference', '--issues', temp.root)).toBe(2);
  });
});
