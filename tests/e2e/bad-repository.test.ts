import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RealRepository, realRepository } from '../fakes/real-repository.ts';
import { type CliPlace, cliPlace } from './cli-place.ts';
import { sampleCopy, sampleIssue, sampleScript } from './sample-copy.ts';

const scripted = ['--model', `scripted:${sampleScript}`];

/** What is wrong, how it is made, and what both commands must say. */
const cases = [
  {
    what: 'a folder that is no repository',
    make: (root: string) => {
      mkdirSync(path.join(root, 'plain'));
      return path.join(root, 'plain');
    },
    code: 'E501',
    exit: 2,
    of: ['start', 'run'],
  },
  {
    what: 'a path that is not there',
    make: (root: string) => path.join(root, 'nowhere'),
    code: 'E501',
    exit: 2,
    of: ['start', 'run'],
  },
  {
    what: 'a repository without a commit',
    make: (root: string, sample: RealRepository) => {
      sample.git('init', '--quiet', path.join(root, 'empty'));
      return path.join(root, 'empty');
    },
    code: 'E502',
    exit: 2,
    of: ['start', 'run'],
  },
  {
    what: 'a shallow clone',
    make: (root: string, sample: RealRepository) => {
      sample.git('clone', '--quiet', '--depth=1', `file://${sample.root}`, path.join(root, 'shallow'));
      return path.join(root, 'shallow');
    },
    code: 'E503',
    exit: 2,
    of: ['start'],
  },
  {
    what: 'a clone with changes that are not committed',
    make: (root: string, sample: RealRepository) => {
      sample.git('clone', '--quiet', sample.root, path.join(root, 'dirty'));
      writeFileSync(path.join(root, 'dirty', 'README.md'), 'changed\n');
      return path.join(root, 'dirty');
    },
    code: 'E504',
    exit: 2,
    of: ['start'],
  },
] as const;

describe('a repository that cannot be worked on', () => {
  let place: CliPlace;
  let sample: RealRepository;
  beforeAll(() => {
    place = cliPlace();
    sample = sampleCopy();
    sample.write('README.md', 'a second commit\n');
    sample.commit('second');
  });
  afterAll(() => {
    sample[Symbol.dispose]();
    place[Symbol.dispose]();
  });

  it.each(cases)(
    '$what: $code with a fix, exit code $exit, and nothing left half done',
    async ({ make, code, exit, of }) => {
      const repository = make(place.root, sample);
      for (const command of of) {
        const ran = await place.run([command, '--repo', repository, '--issue', sampleIssue, ...scripted]);
        expect(ran.report.error).toMatchObject({
          code,
          message: expect.stringContaining(repository),
          fix: expect.stringMatching(/\S/),
        });
        expect(ran.code).toBe(exit);
        expect(place.leftovers()).toEqual([]);
        expect(place.keptRuns()).toEqual([]);
      }
    },
  );

  it('needs a key for a model of Anthropic, and says so before anything is begun', async () => {
    for (const args of [
      ['start', '--model', 'anthropic'],
      ['run', '--repo', sample.root, '--issue', sampleIssue],
    ]) {
      const ran = await place.run(args);
      expect(ran.report.error).toMatchObject({ code: 'E301', fix: expect.stringContaining('ANTHROPIC_API_KEY') });
      expect(ran.code).toBe(4);
      expect(place.leftovers()).toEqual([]);
    }
  });

  it('runs on a shallow or dirty clone with `run`, which only takes the last commit', async () => {
    using own = realRepository({ 'a.txt': 'one\n' });
    own.write('b.txt', 'not committed\n');
    own.write('../touch.script.json', JSON.stringify({ script: 1, replies: [{ calls: touch }] }));
    const model = `scripted:${path.join(own.root, '../touch.script.json')}`;
    const ran = await place.run(['run', '--repo', own.root, '--task', 'Add c.txt', '--model', model]);
    expect(ran.report).toMatchObject({ outcome: 'succeeded', filesChanged: ['c.txt'] });
    expect(own.git('status', '--porcelain')).toBe('?? b.txt');
  });
});

const touch = [
  { tool: 'write_file', input: { path: 'c.txt', content: 'three\n' } },
  { tool: 'submit', input: { title: 'Add c.txt', body: 'As asked.', verified: [] } },
];
