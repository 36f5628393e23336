import { describe, expect, it } from 'vitest';
import { readClaimReference, shortClaimName } from '../../../../src/domain/coordination/claim-reference.ts';

const repository = { owner: 'Octo', name: 'Slug' };

describe('what people call an issue', () => {
  it.each([
    ['42', 'github/octo/slug/issues/42'],
    ['#42', 'github/octo/slug/issues/42'],
    ['acme/Tool.js#7', 'github/acme/tool.js/issues/7'],
    ['https://github.com/acme/tool/issues/7#issuecomment-1', 'github/acme/tool/issues/7'],
    ['https://git.acme.com/acme/tool/pull/8/files', 'github/acme/tool/pulls/8'],
    ['GitHub/Acme/Tool/pulls/8', 'github/acme/tool/pulls/8'],
    ['locks/release-train', 'locks/release-train'],
  ])('%s is %s', (text, key) => {
    expect(readClaimReference(text, repository)).toEqual({ kind: 'key', key });
  });

  it('as a bare number needs a repository', () => {
    expect(readClaimReference('42', undefined)).toEqual({ kind: 'needs-repository', number: 42 });
  });

  it.each([
    '0',
    '',
    'fix',
    'octo/slug',
    'octo#1',
    'a/../b#1',
    'locks/',
    'locks/a/../b/',
    'https://x/y',
    '4 2',
    'locks/ÄÖ',
  ])('%j is nothing that can be claimed', (text) => {
    expect(readClaimReference(text, repository)).toEqual({ kind: 'unknown' });
  });

  it('is shown in short', () => {
    expect(shortClaimName('github/octo/slug/issues/42')).toBe('octo/slug#42');
    expect(shortClaimName('locks/deploy')).toBe('locks/deploy');
  });
});
