import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CliPlace, cliPlace } from './cli-place.ts';

describe('replay of a recorded run', () => {
  let place: CliPlace;
  // biome-ignore lint/suspicious/noExplicitAny: the report of `start`
  let recorded: any;
  let elsewhere: string;

  beforeAll(async () => {
    place = cliPlace();
    const { code, report } = await place.run(['start']);
    expect({ code, outcome: report.outcome }).toEqual({ code: 0, outcome: 'succeeded' });
    recorded = report;
    elsewhere = path.join(place.root, 'elsewhere');
    mkdirSync(elsewhere);
  });
  afterAll(() => place[Symbol.dispose]());

  /** The recording in a folder without its repository, with its text changed. */
  const copied = (name: string, change: (text: string) => string = (text) => text): string => {
    const file = path.join(elsewhere, name);
    writeFileSync(file, change(readFileSync(recorded.trajectory, 'utf8')));
    return file;
  };
  const repository = () => path.join(path.dirname(recorded.trajectory), 'repository.git');

  it('finds the kept repository by the id of the run and reaches the same tree', async () => {
    expect(place.keptRuns()).toEqual([recorded.runId]);
    const { code, report } = await place.run(['replay', recorded.runId]);
    expect(report).toMatchObject({ verdict: 'same', runId: recorded.runId, baseSha: recorded.baseSha, turns: 6 });
    expect(report.recorded.treeSha).toMatch(/^[0-9a-f]{40}$/);
    expect(report.replayed).toEqual(report.recorded);
    expect(report.firstDifference).toBeNull();
    expect(code).toBe(0);
    expect(place.leftovers()).toEqual([]);
  });

  it('takes a repository that is named, and leaves the new trajectory and the very same patch where it is told to', async () => {
    const keep = path.join(place.root, 'kept');
    const { code, report } = await place.run(['replay', copied('a.jsonl'), '--repo', repository(), '--keep', keep]);
    expect({ code, verdict: report.verdict }).toEqual({ code: 0, verdict: 'same' });
    expect(readFileSync(report.patchPath, 'utf8')).toBe(readFileSync(recorded.patchPath, 'utf8'));
    expect(report.trajectory).toBe(path.join(keep, 'trajectory.jsonl'));
  });

  it('without a kept repository asks for one', async () => {
    const { code, report } = await place.run(['replay', copied('b.jsonl')], { cwd: elsewhere });
    expect(code).toBe(2);
    expect(report.error).toMatchObject({ code: 'E501' });
    expect(place.leftovers()).toEqual([]);
  });

  it('reports a recording whose edit was changed as different', async () => {
    const file = copied('c.jsonl', (text) =>
      text.replace('if (cutBetweenWords) return cut;', 'if (cutBetweenWords) return  cut;'),
    );
    const { code, report } = await place.run(['replay', file, '--repo', repository()]);
    expect(report).toMatchObject({
      verdict: 'different',
      recorded: { outcome: 'succeeded' },
      replayed: { outcome: 'succeeded' },
    });
    expect(report.replayed.treeSha).not.toBe(report.recorded.treeSha);
    expect(code).toBe(5);
  });

  it('has nothing to compare a recording with that ends before its run did', async () => {
    const file = copied('d.jsonl', (text) => text.split('\n').slice(0, -3).join('\n').concat('\n'));
    const { code, report } = await place.run(['replay', file, '--repo', repository()]);
    expect({ code, verdict: report.verdict ?? report.error }).toMatchObject({ code: 8, verdict: 'incomplete' });
  });

  it('refuses a recording that was damaged in the middle, with the line', async () => {
    const file = copied('e.jsonl', (text) => text.replace('{"seq":3,', '{"seq":4,'));
    const { code, report } = await place.run(['replay', file, '--repo', repository()]);
    expect(report.error).toMatchObject({ code: 'E306', message: expect.stringContaining('line 4') });
    expect(code).toBe(5);
    expect(place.leftovers()).toEqual([]);
  });
});
