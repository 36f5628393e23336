import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSecretGuard, redactAll } from '../../../src/domain/secret-guard.ts';
import { secretVariables } from '../../../src/domain/secret-names.ts';
import { cpuMs } from '../../fakes/cpu-time.ts';

// Put together at run time, so that no scanner takes this file for a leak.
const token = ['ghs', 'aB3dE5gH7jK9mN1pQ3sT5vW7xY9zA1cD3fG5'].join('_');
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const reverse = (text: string): string => [...text].reverse().join('');
const guard = createSecretGuard({ 'github-token': token, PASSWORD: 'correct horse battery staple 9' });

describe('a guard of secrets', () => {
  it('leaves a text alone that holds none', () => {
    const text = 'line one\nghs_ is a prefix\n\ttabs stay\r\n';
    expect(guard.redact(text)).toBe(text);
  });

  it.each([
    ['base64, backwards', reverse(base64(token))],
    ['hex, backwards', reverse(Buffer.from(token).toString('hex'))],
    ['with accents', [...token].map((char) => `${char}\u0301`).join('')],
    ['the last part of it, backwards', reverse(token.slice(-17))],
    ['over two lines', `${token.slice(0, 9)}\n${token.slice(9)}`],
  ])('finds a value that is written %s', (_, written) => {
    expect(guard.find(`a\nb ${written} c`)).not.toEqual([]);
    expect(guard.redact(`a\nb ${written} c`)).toMatch(/\[left out: exact value of github-token \(/);
  });

  it('takes out the line that holds a secret, and keeps the others', () => {
    expect(guard.redact(`first\nkey: ${base64(token)}\nlast`)).toBe(
      'first\n[left out: exact value of github-token (base64)]\nlast',
    );
  });

  it.each(['\u0301\u0316', `${'\u0301\u0316'.repeat(10)}\uff9e`])(
    'takes linear time for a letter under many %j',
    (piece) => {
      const text = `a${piece.repeat(Math.ceil(200_000 / piece.length))}`;
      const started = cpuMs();
      expect(guard.find(text)).toEqual([]);
      expect(cpuMs() - started).toBeLessThan(1_000);
    },
  );

  it('takes out what only looks like a secret too', () => {
    expect(guard.redact(`a\n${['sk', 'ant', 'api03', 'q8Zt3Kx7Lw2Vn9Rb4Yc6Md1Hf5Jg0Sp'].join('-')}\nb`)).toBe(
      'a\n[left out: Anthropic key]\nb',
    );
  });

  it('never lets through what it would find, whatever surrounds it and wherever it is cut', () => {
    const pieces = fc.array(
      fc.constantFrom(...(token.match(/.{1,5}/gs) ?? []), token, base64(token), ' ', '\n', 'x', '%20'),
    );
    fc.assert(
      fc.property(pieces, (parts) => {
        expect(guard.find(guard.redact(parts.join('')))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('names all secrets of a text, each by its own name', () => {
    const rules = guard.find(`${token} and correct horse battery staple 9`).map(({ rule }) => rule);
    expect(rules).toEqual(
      expect.arrayContaining(['exact value of github-token (plain)', 'exact value of PASSWORD (plain)']),
    );
  });

  it('goes through all of a value, names of fields too', () => {
    const redacted = redactAll({ [token]: [1, null, { a: `x ${token}` }], fine: 'text' }, guard.redact);
    expect(JSON.stringify(redacted)).not.toContain(token);
    expect(redacted).toMatchObject({ fine: 'text' });
  });

  it('reads a megabyte for several secrets, and redacts one made of finds, in bounded time', () => {
    const many = createSecretGuard(
      Object.fromEntries(Array.from({ length: 6 }, (_, at) => [`T${at}`, `${at}${token}${at}`])),
    );
    const started = cpuMs();
    many.find('lorem ipsum dolor sit amet 12345678\n'.repeat(30_000));
    expect(cpuMs() - started).toBeLessThan(2_500);
    const again = cpuMs();
    many.redact(`${token}\n`.repeat(3_000));
    expect(cpuMs() - again).toBeLessThan(2_500);
  });
});

describe('the variables of an environment that hold secrets', () => {
  it('are those that are named so, and no places', () => {
    const found = secretVariables({
      GITHUB_TOKEN: token,
      'INPUT_ANTHROPIC-API-KEY': 'sk-ant-something',
      AWS_SECRET_ACCESS_KEY: 'a'.repeat(40),
      ACTIONS_RUNTIME_TOKEN: `eyJ.${token}`,
      ENTROPY_KEY: 'entropy_0123456789abcdef',
      DB_PASSWORD: 'hunter2-hunter2',
      ACTIONS_ID_TOKEN_REQUEST_URL: 'https://pipelines.example.com/x?y=1',
      DATABASE_URL: 'postgres://app:q8Zt3Kx7@db/x',
      GOOGLE_APPLICATION_CREDENTIALS: '/home/runner/keys/service.json',
      SSH_AUTH_SOCK: '/tmp/ssh-x/agent.1',
      SORT_KEY: 'customer_identifier',
      PATH: '/usr/local/bin:/usr/bin',
      SHORT_TOKEN: 'true',
    });
    expect(Object.keys(found).sort()).toEqual([
      'ACTIONS_RUNTIME_TOKEN',
      'AWS_SECRET_ACCESS_KEY',
      'DATABASE_URL',
      'DB_PASSWORD',
      'ENTROPY_KEY',
      'GITHUB_TOKEN',
      'INPUT_ANTHROPIC-API-KEY',
    ]);
  });
});
