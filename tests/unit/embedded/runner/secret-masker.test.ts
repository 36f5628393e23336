import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSecretMasker } from '../../../../src/embedded/runner/io/secret-masker.ts';

describe('the masks of a job', () => {
  test('leave no secret in any text', () => {
    const secret = fc
      .string({ minLength: 1, maxLength: 12 })
      .filter((text) => text.trim() !== '' && !'***'.includes(text));
    fc.assert(
      fc.property(
        fc.array(secret, { minLength: 1, maxLength: 4 }),
        fc.array(fc.string({ maxLength: 8 })),
        (secrets, noise) => {
          const masked = createSecretMasker(secrets).mask(
            noise.flatMap((text, index) => [text, secrets[index % secrets.length]]).join(''),
          );
          // A mask may itself spell a new text with what stands beside it; a secret made only of such parts is no leak.
          for (const value of secrets) if (!value.includes('*')) expect(masked).not.toContain(value);
        },
      ),
    );
  });

  test.each([
    ['as it is', 's3cr3t&<word>"', 's3cr3t&<word>"'],
    ['base64', 's3cr3t-word!', Buffer.from('s3cr3t-word!').toString('base64')],
    ['JSON', 'a"b\\c', JSON.stringify('a"b\\c').slice(1, -1)],
    ['URI', 'a b/c?d', encodeURIComponent('a b/c?d')],
    ['XML', 'a<b>&c', 'a&lt;b&gt;&amp;c'],
    ['a line of many', 'first line\nsecond line', 'second line'],
    ['without quotes', '"quoted-secret"', 'quoted-secret'],
  ])('hide a secret %s', (_, secret, shown) => {
    expect(createSecretMasker([secret]).mask(`[${shown}]`)).toBe('[***]');
  });

  test('hide a secret in base64 behind one or two other bytes', () => {
    const masker = createSecretMasker(['0123456789abcdef01']);
    for (const prefix of ['u:', 'xy:', 'z']) {
      const encoded = Buffer.from(`${prefix}0123456789abcdef01`).toString('base64');
      expect(masker.mask(encoded)).not.toBe(encoded);
    }
  });

  test('become one where secrets overlap', () => {
    expect(createSecretMasker(['abcd', 'cdef']).mask('xabcdefx')).toBe('x***x');
  });

  test('are nothing for empty and blank values', () => {
    const masker = createSecretMasker(['', '  ', '\n']);
    expect(masker.mask('a  b')).toBe('a  b');
    expect(masker.hides('a  b')).toBe(false);
  });

  test('learnt by one job are not known to another', () => {
    const first = createSecretMasker(['common-secret']);
    first.add('own-secret');
    expect(createSecretMasker(['common-secret']).mask('common-secret own-secret')).toBe('*** own-secret');
    expect(first.mask('common-secret own-secret')).toBe('*** ***');
  });
});
