import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRemoteUrl, type RemoteLocation } from '../../../src/domain/remote-url.ts';
import { anyText } from '../../fakes/any-text.ts';

function located(url: string, githubHost?: string): RemoteLocation {
  const parsed = parseRemoteUrl(url, githubHost === undefined ? {} : { githubHost });
  if (parsed.kind !== 'forge') throw new Error(`${url} → ${JSON.stringify(parsed)}`);
  return parsed;
}

const forms: readonly [url: string, forge: string, owner: string, name: string, web: string][] = [
  ['https://github.com/octo/slug.git', 'github', 'octo', 'slug', 'https://github.com/octo/slug'],
  ['https://github.com/octo/slug/', 'github', 'octo', 'slug', 'https://github.com/octo/slug'],
  ['https://github.com:443/octo/slug', 'github', 'octo', 'slug', 'https://github.com/octo/slug'],
  ['git@github.com:octo/slug.git', 'github', 'octo', 'slug', 'https://github.com/octo/slug'],
  ['github.com:octo/slug', 'github', 'octo', 'slug', 'https://github.com/octo/slug'],
  ['ssh://git@ssh.github.com:443/octo/slug.git', 'github', 'octo', 'slug', 'https://github.com/octo/slug'],
  ['git+ssh://git@github.com/octo/slug.git', 'github', 'octo', 'slug', 'https://github.com/octo/slug'],
  ['git://GitHub.com/octo/slug.git', 'github', 'octo', 'slug', 'https://github.com/octo/slug'],
  ['https://acme.ghe.com/octo/a.b', 'github-enterprise', 'octo', 'a.b', 'https://acme.ghe.com/octo/a.b'],
  [
    'ssh://git@github.acme.com:2222/octo/slug',
    'github-enterprise',
    'octo',
    'slug',
    'https://github.acme.com/octo/slug',
  ],
  ['https://gitlab.com/a/b/c/slug.git', 'gitlab', 'a/b/c', 'slug', 'https://gitlab.com/a/b/c/slug'],
  ['git@gitlab.acme.com:a/b/slug.git', 'gitlab', 'a/b', 'slug', 'https://gitlab.acme.com/a/b/slug'],
  ['http://gitea.local:3000/octo/slug.git', 'gitea', 'octo', 'slug', 'http://gitea.local:3000/octo/slug'],
  ['https://codeberg.org/octo/slug', 'gitea', 'octo', 'slug', 'https://codeberg.org/octo/slug'],
  ['https://bitbucket.org/octo/slug', 'bitbucket', 'octo', 'slug', 'https://bitbucket.org/octo/slug'],
  ['ssh://git@[::1]:22/octo/slug', 'unknown', 'octo', 'slug', 'https://[::1]/octo/slug'],
  ['alice@code.example:octo/slug.git', 'unknown', 'octo', 'slug', 'https://code.example/octo/slug'],
  ['https://gitlab.com/gr%C3%BCn/slug', 'gitlab', 'grün', 'slug', 'https://gitlab.com/grün/slug'],
];

describe('a git remote', () => {
  it.each(forms)('%s is understood', (url, forge, owner, name, webUrl) => {
    expect(located(url)).toMatchObject({ forge, owner, name, webUrl });
  });

  it('on the server that GITHUB_SERVER_URL names is GitHub Enterprise, whatever it is called', () => {
    expect(located('git@code.acme.com:octo/slug.git', 'Code.Acme.com').forge).toBe('github-enterprise');
  });

  it('keeps a port that is not the usual one', () => {
    expect(located('ssh://git@host.example:2222/o/n').port).toBe(2222);
    expect(located('ssh://git@host.example:22/o/n').port).toBeUndefined();
  });

  it.each(['/srv/git/slug.git', '../slug', './a:b/c', 'C:\\work\\slug', 'C:/work/slug', 'slug', 'file:///srv/slug'])(
    '%s is a folder of this machine',
    (url) => {
      expect(parseRemoteUrl(url).kind).toBe('local');
    },
  );

  it.each([
    '',
    'ext::sh -c evil',
    'https://github.com/octo',
    'https://github.com/a/b/c',
    'https://gitlab.com/a/../b',
    'https://github.com:99999/o/n',
    'https:///o/n',
    'ftp://host/o/n',
    'git@host.example:',
    'https://host.example/o/%zz',
    'https://host.example/o/$(id)',
    'https://host.example/o/n\u001b[2J',
    `https://host.example/o/${'n'.repeat(3000)}`,
  ])('%j is refused with a reason', (url) => {
    expect(parseRemoteUrl(url)).toMatchObject({ kind: 'unusable', reason: expect.stringMatching(/\S/) });
  });

  it('never gives back the credentials that a URL carried, and says that there were some', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9_]{12,40}$/).map((text) => `ghp_${text}`);
    const shape = fc.constantFrom(
      (token: string) => `https://${token}@github.com/octo/slug.git`,
      (token: string) => `https://x-access-token:${token}@github.com/octo/slug.git`,
      (token: string) => `ssh://git:${token}@host.example:22/octo/slug`,
      (token: string) => `http://u@ser:${token}@host.example/octo/slug`,
    );
    fc.assert(
      fc.property(secret, shape, (token, url) => {
        const parsed = parseRemoteUrl(url(token));
        expect(JSON.stringify(parsed)).not.toContain(token);
        expect(parsed).toMatchObject({ kind: 'forge', hadCredentials: true });
      }),
    );
    for (const broken of ['https://ghp_secretsecret@github.com/x', 'https://u:ghp_secretsecret@:1/x/y']) {
      expect(JSON.stringify(parseRemoteUrl(broken))).not.toContain('ghp_secretsecret');
    }
  });

  it('says the same owner and name in every way of writing it', () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/);
    fc.assert(
      fc.property(word, word, fc.boolean(), (owner, name, dotGit) => {
        const path = `${owner}/${name}${dotGit ? '.git' : ''}`;
        const all = [
          `https://h.example/${path}`,
          `ssh://git@h.example/${path}`,
          `git@h.example:${path}`,
          `git@h.example:/${path}`,
        ];
        for (const url of all) expect(located(url)).toMatchObject({ owner, name, host: 'h.example' });
      }),
    );
  });

  it('survives any text, quickly', () => {
    const parts = [
      'https://',
      'ssh://',
      'file://',
      'git@',
      'a:b@',
      'github.com',
      '[::1]',
      ':22',
      ':',
      '/',
      '//',
      '..',
      '%2f',
      '%',
      'octo',
      'slug',
      '.git',
      '?q=1',
      '#x',
      ' ',
    ];
    const address = fc.array(fc.constantFrom(...parts), { maxLength: 12 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(fc.oneof(anyText({ maxLength: 300 }), address), (text) => {
        expect(['forge', 'local', 'unusable']).toContain(parseRemoteUrl(text).kind);
      }),
      { numRuns: 2_000 },
    );
  });
});
