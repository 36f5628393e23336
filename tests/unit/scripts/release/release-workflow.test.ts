import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}
interface Job {
  readonly needs?: string;
  readonly environment?: string;
  readonly permissions: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}
const { on, jobs } = parse(readFileSync('.github/workflows/release.yml', 'utf8')) as {
  readonly on: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
};
const all = Object.entries(jobs);
const builds = (job: Job): boolean => job.steps.some(({ run }) => /npm (?:run|ci|install)|npx/.test(run ?? ''));
const holdsSecret = (job: Job): boolean => JSON.stringify(job).includes('secrets.');

describe('the workflow that releases', () => {
  it('is started by a tag of sources alone, and goes from one job to the next', () => {
    expect(on).toEqual({ push: { tags: ['source/v*.*.*'] } });
    expect(all.map(([name, { needs }]) => [name, needs])).toEqual([
      ['build', undefined],
      ['rebuild', 'build'],
      ['attest', 'rebuild'],
      ['publish', 'attest'],
      ['npm', 'publish'],
    ]);
  });

  it('lets no job that runs packages hold a secret, sign or write, and no job that signs check anything out', () => {
    for (const [name, job] of all) {
      const powers = Object.entries(job.permissions).filter(([, level]) => level === 'write');
      if (builds(job)) expect([name, powers, holdsSecret(job)]).toEqual([name, [], false]);
      if (holdsSecret(job)) expect([name, job.environment]).toEqual([name, 'release']);
    }
    expect(all.filter(([, job]) => builds(job)).map(([name]) => name)).toEqual(['build', 'rebuild']);
    expect(jobs['attest']?.steps.some(({ uses }) => uses?.startsWith('actions/checkout@'))).toBe(false);
    expect(all.flatMap(([name, { permissions }]) => (permissions['id-token'] === undefined ? [] : [name]))).toEqual([
      'attest',
      'npm',
    ]);
  });

  it('builds with the very Node that is pinned, and without a cache', () => {
    const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
    const setups = all.flatMap(([, { steps }]) => steps.filter(({ uses }) => uses?.startsWith('actions/setup-node@')));
    expect(setups.length).toBeGreaterThan(2);
    for (const setup of setups) {
      expect(setup.with).toEqual({ 'node-version': devDependencies.node, 'package-manager-cache': false });
    }
  });
});
