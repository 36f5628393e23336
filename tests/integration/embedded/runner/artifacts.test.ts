import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { conclusions, fixtureRun, jobOf, oneJob, stepOf } from './run-fixture.ts';

const make = `- run: |
    mkdir -p out/deep .hidden
    echo one > out/one.txt
    printf '#!/bin/sh' > out/deep/run.sh && chmod 755 out/deep/run.sh
    echo secret > out/.env
    echo no > out/deep/no.log`;

describe('artifacts', () => {
  test('go from one job to the next, without modes, hidden files and excluded paths', async () => {
    using fixture = fixtureRun();
    const workflow = `jobs:
  up:
    runs-on: any
    outputs: { id: "\${{ steps.up.outputs.artifact-id }}", digest: "\${{ steps.up.outputs.artifact-digest }}" }
    steps:
${make.replace(/^/gm, '      ')}
      - id: up
        uses: actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f
        with:
          name: entropy-task
          retention-days: 30
          path: |
            # a remark
            out
            !out/**/*.log
  down:
    needs: up
    runs-on: any
    steps:
      - id: down
        uses: actions/download-artifact@v8
        with: { name: entropy-task, path: there }
      - name: list
        run: cd there && find . -type f -printf '%P %m\\n' | sort && echo "\${{ steps.down.outputs.download-path }}"
`;
    const report = await fixture.run(workflow);
    expect(conclusions(report)).toEqual({ up: 'success', down: 'success' });
    expect(stepOf(report, 'list').log).toMatch(/\ndeep\/run\.sh 644\none\.txt 644\n\/.*\/there\n$/);
    expect(jobOf(report, 'up').outputs['id']).toBe('1');
    expect(jobOf(report, 'up').outputs['digest']).toMatch(/^[0-9a-f]{64}$/);
    const [artifact] = report.artifacts;
    expect(artifact).toMatchObject({
      id: 1,
      name: 'entropy-task',
      digest: `sha256:${jobOf(report, 'up').outputs['digest']}`,
    });
    expect(readFileSync(path.join(artifact?.folder ?? '', 'one.txt'), 'utf8')).toBe('one\n');
    expect(statSync(path.join(artifact?.folder ?? '', 'deep/run.sh')).mode & 0o777).toBe(0o644);
  });

  test('of one absolute file stand alone, wherever it lies', async () => {
    using fixture = fixtureRun();
    const steps = `- id: temp\n  run: echo x > "$RUNNER_TEMP/task.json"; echo "task=$RUNNER_TEMP/task.json" >> "$GITHUB_OUTPUT"
- uses: actions/upload-artifact@v7
  with: { name: t, path: "\${{ steps.temp.outputs.task }}" }
- uses: actions/download-artifact@v8
  with: { path: . }
- name: list
  run: ls`;
    const report = await fixture.run(oneJob(steps));
    expect(stepOf(report, 'list').log).toMatch(/\ntask\.json\n$/);
  });

  test('have a name once in a run, unless it is to be overwritten', async () => {
    using fixture = fixtureRun();
    const up = (rest: string): string =>
      `- uses: actions/upload-artifact@v7\n  with: { name: same, path: out, ${rest} }`;
    const steps = `${make}\n${up('')}\n- run: echo two > out/one.txt\n${up('overwrite: true')}\n${up('')}\n  continue-on-error: true\n  id: third`;
    const report = await fixture.run(oneJob(steps));
    expect(report.conclusion).toBe('success');
    expect(report.annotations.map((annotation) => annotation.message)).toContainEqual(
      expect.stringContaining('(409) Conflict'),
    );
    expect(report.artifacts).toHaveLength(1);
    expect(readFileSync(path.join(report.artifacts[0]?.folder ?? '', 'one.txt'), 'utf8')).toBe('two\n');
  });

  test.each([
    ['warn', 'success', 'warning'],
    ['error', 'failure', 'error'],
    ['ignore', 'success', undefined],
  ])('with nothing to keep: %s', async (setting, conclusion, level) => {
    using fixture = fixtureRun();
    const report = await fixture.run(
      oneJob(`- uses: actions/upload-artifact@v7\n  with: { path: nothing/**, if-no-files-found: ${setting} }`),
    );
    expect(report.conclusion).toBe(conclusion);
    expect(report.annotations[0]?.level).toBe(level);
    expect(report.artifacts).toEqual([]);
  });

  test('that are not there fail the download', async () => {
    using fixture = fixtureRun();
    const report = await fixture.run(oneJob('- uses: actions/download-artifact@v8\n  with: { name: nowhere }'));
    expect(report.annotations[0]?.message).toContain('Artifact not found for name: nowhere');
  });

  test('come by pattern into one folder each, or merged into one', async () => {
    using fixture = fixtureRun();
    const up = (name: string): string =>
      `- run: echo ${name} > ${name}.txt\n- uses: actions/upload-artifact@v7\n  with: { name: ${name}, path: ${name}.txt }`;
    const steps = `${up('part-a')}\n${up('part-b')}\n${up('other')}
- uses: actions/download-artifact@v8
  with: { pattern: part-*, path: each }
- uses: actions/download-artifact@v8
  with: { pattern: part-*, path: merged, merge-multiple: true }
- name: list
  run: find each merged -type f | sort`;
    const report = await fixture.run(oneJob(steps));
    expect(stepOf(report, 'list').log).toMatch(
      /each\/part-a\/part-a\.txt\neach\/part-b\/part-b\.txt\nmerged\/part-a\.txt\nmerged\/part-b\.txt\n$/,
    );
  });

  test('that were changed since fail the download', async () => {
    using fixture = fixtureRun();
    const steps = `- run: echo x > a\n- id: up\n  uses: actions/upload-artifact@v7\n  with: { path: a }
- run: echo y > "$HOME/run/artifacts/1/a"
- uses: actions/download-artifact@v8
  with: { name: artifact, path: b }`;
    const report = await fixture.run(oneJob(steps));
    expect(report.annotations[0]?.message).toContain('Digest validation failed for artifact(s): artifact');
  });
});

test('hashFiles is the same for the same files, another one for others, and empty for none', async () => {
  using fixture = fixtureRun();
  const step = (name: string): string =>
    `- name: ${name}\n  run: echo "hash=\${{ hashFiles('**/*.lock') }} none=[\${{ hashFiles('nothing') }}]"`;
  const report = await fixture.run(
    oneJob(
      `- run: mkdir a; echo 1 > a/x.lock\n${step('one')}\n- run: echo z > z\n${step('same')}\n- run: echo 2 > y.lock\n${step('other')}`,
    ),
  );
  const hash = (name: string): string | undefined =>
    /hash=([0-9a-f]{64}) none=\[\]/.exec(stepOf(report, name).log)?.[1];
  expect(hash('one')).toBeDefined();
  expect(hash('same')).toBe(hash('one'));
  expect(hash('other')).not.toBe(hash('one'));
});
