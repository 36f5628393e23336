import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  branchName,
  branchPrefixProblem,
  issueBranchPrefix,
  parseBranchName,
  slugOf,
} from '../../../src/domain/branch-name.ts';
import { anyText } from '../../fakes/any-text.ts';

describe('the name of a branch', () => {
  it('tells issue, fence and what it is about', () => {
    const parts = { prefix: 'agent/', issue: 42, fence: 7 };
    expect(branchName({ ...parts, title: 'Keep the last word' })).toBe('agent/42/f7-keep-last-word');
    expect(branchName({ ...parts, prefix: 'bots/agent-', title: 'Größe ändern' })).toBe(
      'bots/agent-42/f7-grosse-andern',
    );
    expect(issueBranchPrefix('agent/', 42)).toBe('agent/42/');
  });

  it.each([
    ['--upload-pack=x', 'upload-pack-x'],
    ['$(id) `id` ; rm -rf /', 'id-id-rm-rf'],
    ['../../etc/passwd', 'etc-passwd'],
    ['refs/heads/main.lock', 'refs-heads-main-lock'],
    ['日本語', 'change'],
    ['', 'change'],
    ['the', 'the'],
    ['@{-1}~^:?*[', '1'],
    ["don't stop", 'dont-stop'],
    ['x'.repeat(200), 'x'.repeat(40)],
  ])('makes a harmless slug of %j', (title, slug) => {
    expect(slugOf(title)).toBe(slug);
  });

  it('is short, plain and read back, whatever the title', () => {
    const property = fc.property(anyText({ maxLength: 300 }), fc.nat(), (title, fence) => {
      const name = branchName({ prefix: 'agent/', issue: 42, fence, title });
      expect(name).toMatch(/^agent\/42\/f[0-9]+-[a-z0-9]+(?:-[a-z0-9]+)*$/);
      expect(slugOf(title).length).toBeLessThanOrEqual(40);
      expect(parseBranchName('agent/', name)).toEqual({ issue: 42, fence, slug: slugOf(title) });
    });
    fc.assert(property, { numRuns: 2_000 });
  });

  it('is one that git takes', () => {
    const titles = fc.sample(anyText({ maxLength: 80 }), 30);
    for (const title of titles) {
      const name = branchName({ prefix: 'agent/', issue: 42, fence: 7, title });
      execFileSync('git', ['check-ref-format', '--branch', name]);
    }
  });

  it('of somebody else is not read as ours', () => {
    for (const name of ['main', 'agent/42', 'agent/x/f1-a', 'agent/42/f1-', 'agent/42/f1-a/b', 'xagent/42/f1-a'])
      expect(parseBranchName('agent/', name)).toBeUndefined();
  });

  it('has a prefix that cannot be an option, a path out or a ref of another kind', () => {
    for (const good of ['agent/', 'a', 'bots/agents/', 'agent-']) expect(branchPrefixProblem(good)).toBeUndefined();
    for (const bad of [
      '',
      '-x/',
      '/',
      '../',
      'a..b',
      'refs/',
      'heads/x/',
      'a b/',
      'a//',
      'HEAD',
      'a/.b/',
      'a~/',
      'x'.repeat(99),
    ])
      expect(branchPrefixProblem(bad)).toEqual(expect.any(String));
    expect(() => branchName({ prefix: '--', issue: 1, fence: 1, title: 'x' })).toThrow(RangeError);
  });
});
