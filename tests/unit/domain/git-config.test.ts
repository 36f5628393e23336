import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutCredentials } from '../../../src/domain/git-config.ts';

describe('a git configuration without credentials', () => {
  it('keeps what git needs to read the repository', () => {
    const config = '[core]\n\trepositoryformatversion = 0\n\tbare = false\n[branch "main"]\n\tremote = origin\n';
    expect(withoutCredentials(config)).toBe(config);
  });

  it('drops the header that checkouts leave, and users and passwords in addresses', () => {
    const config = [
      '[remote "origin"]',
      '\turl = https://x-access-token:ghs_secret@github.com/octo/slug',
      '[http "https://github.com/"]',
      '\textraheader = AUTHORIZATION: basic c2VjcmV0',
      '[url "https://oauth2:ghs_secret@github.com/"]',
      '\tinsteadOf = git@github.com:',
      '[credential]',
      '\thelper = store --file=/secret',
      '[includeIf "gitdir:/x"]',
      '\tpath = /secret',
    ].join('\n');
    expect(withoutCredentials(config)).toBe('[remote "origin"]\n\turl = https://github.com/octo/slug\n');
  });

  it('is not fooled by a key behind a header, a continued line or odd capitals', () => {
    const config =
      '[http] extraheader = secret\n[core]\n\ta = b \\\n\tsecret\n\tc = d\n[HTTP "x"]\n\tExtraHeader = secret\n';
    expect(withoutCredentials(config)).toBe('[core]\n\tc = d\n');
  });

  it('never lets the password of an address through, wherever it stands', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9:_%-]{8,40}$/);
    const section = fc.constantFrom('[core]', '[remote "o"]', '[url "x"]', '[submodule "s"]', '[branch "b"]');
    fc.assert(
      fc.property(section, secret, fc.constantFrom('url', 'pushurl', 'insteadOf', 'x'), (header, password, key) => {
        const config = `${header}\n\t${key} = https://user:${password}@host.example/path\n`;
        expect(withoutCredentials(config)).not.toContain(`${password}@`);
      }),
    );
  });
});
