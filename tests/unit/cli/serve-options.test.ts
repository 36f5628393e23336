import { describe, expect, test } from 'vitest';
import { readOptions, type ServeFlags } from '../../../src/cli/commands/serve.ts';

const usual: ServeFlags = { port: '8787', host: '127.0.0.1', log: 'text' };

describe('the options of serve', () => {
  test('are loopback, one port and API keys only when nothing is said', () => {
    expect(readOptions(usual)).toEqual({ host: '127.0.0.1', port: 8787, adminKey: 'if-none', addressFrom: 'socket' });
  });

  test('let jobs in of the repositories that are named, by name, star or id', () => {
    const allowRepository = ['octo/slug', 'acme/*', 'octo/old#12345', 'hexa#9919/*', 'hexa#9919/slug#7'];
    const workflow = 'octo/slug/.github/workflows/agent.yml@refs/heads/main';
    const { oidc } = readOptions({
      ...usual,
      oidcAudience: 'https://coordinator.example',
      oidcIssuer: 'https://github.example/_services/token/',
      allowRepository,
      allowWorkflow: [workflow],
      allowEvent: ['issues'],
    });
    expect(oidc).toEqual({
      audience: 'https://coordinator.example',
      issuer: 'https://github.example/_services/token',
      repositories: [
        { glob: 'octo/slug' },
        { glob: 'acme/*' },
        { glob: 'octo/old', id: '12345' },
        { glob: 'hexa/*', ownerId: '9919' },
        { glob: 'hexa/slug', id: '7', ownerId: '9919' },
      ],
      workflows: [workflow],
      events: ['issues'],
    });
  });

  test.each<[string, Partial<ServeFlags>, string, string]>([
    ['an address that others reach', { host: '0.0.0.0' }, 'E727', '--behind-proxy'],
    ['an audience for every repository of GitHub', { oidcAudience: 'https://c.example' }, 'E727', '--allow-repository'],
    ['repositories without an audience', { allowRepository: ['octo/*'] }, 'E727', '--oidc-audience'],
    ['events without an audience', { allowEvent: ['issues'] }, 'E727', '--oidc-audience'],
    ['half a name', { oidcAudience: 'https://c.example', allowRepository: ['octo'] }, 'E100', 'octo/slug'],
    [
      'an issuer in plain HTTP',
      { oidcAudience: 'https://c.example', allowRepository: ['octo/*'], oidcIssuer: 'http://evil.example' },
      'E727',
      'https',
    ],
    [
      'a glob that is none',
      { oidcAudience: 'https://c.example', allowRepository: ['octo/*'], allowWorkflow: ['octo/[a]/x.yml@y'] },
      'E100',
      'owner/repo',
    ],
    ['a port that is none', { port: '70000' }, 'E100', '65535'],
  ])('refuse %s and say what belongs to it', (_what, flags, code, fix) => {
    expect(() => readOptions({ ...usual, ...flags })).toThrow(
      expect.objectContaining({ code, fix: expect.stringContaining(fix) }),
    );
  });

  test.each([{ public: true }, { behindProxy: true }])('allow another address with %j', (accepted) => {
    expect(readOptions({ ...usual, host: '0.0.0.0', ...accepted })).toMatchObject({ host: '0.0.0.0' });
  });
});
