import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSecretScanner } from '../../../../src/adapters/secretlint/secret-scanner.ts';
import { cpuMs } from '../../../fakes/cpu-time.ts';

// Put together at run time, so that no scanner (ours included) takes this file for a leak.
const token = ['ghs', 'aB3dE5gH7jK9mN1pQ3sT5vW7xY9zA1cD3fG5'].join('_');
const odd = 'p@ss/w0rd+with=signs&more';
const scanner = createSecretScanner({ known: { 'INPUT_GITHUB-TOKEN': token, PASSWORD: odd, SHORT: 'abc' } });

const bytes = (text: string): Buffer => Buffer.from(text);
const each = (text: string, write: (code: number) => string, between = ''): string =>
  [...bytes(text)].map(write).join(between);
const hexOf = (code: number): string => code.toString(16).padStart(2, '0');
const reverse = (text: string): string => [...text].reverse().join('');
const rot13 = (text: string): string =>
  text.replace(/[a-z]/gi, (c) => String.fromCharCode(c.charCodeAt(0) + (c.toLowerCase() < 'n' ? 13 : -13)));

function base32(data: Buffer): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...data].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => alphabet[Number.parseInt(five.padEnd(5, '0'), 2)]).join('');
}

const encodings: Readonly<Record<string, (value: string) => string>> = {
  plain: (value) => value,
  base64: (value) => bytes(value).toString('base64'),
  'base64, one byte later': (value) => bytes(`x${value}`).toString('base64'),
  'base64, two bytes later': (value) => bytes(`xy${value}yz`).toString('base64'),
  'base64 for URLs': (value) => bytes(value).toString('base64url'),
  'base64 in lines': (value) =>
    (
      bytes(value)
        .toString('base64')
        .match(/.{1,12}/g) ?? []
    ).join('\n'),
  'base64 twice': (value) => bytes(bytes(value).toString('base64')).toString('base64'),
  'base64 of UTF-16': (value) => Buffer.from(value, 'utf16le').toString('base64'),
  'base64 of the reverse': (value) => bytes(reverse(value)).toString('base64'),
  hex: (value) => bytes(value).toString('hex'),
  'hex in capitals': (value) => bytes(value).toString('hex').toUpperCase(),
  'hex with colons': (value) => each(value, hexOf, ':'),
  'bytes in C': (value) => each(value, (code) => `0x${hexOf(code)}`, ', '),
  'character codes': (value) => `[${each(value, String, ', ')}]`,
  octal: (value) => each(value, (code) => `\\${code.toString(8).padStart(3, '0')}`),
  binary: (value) => each(value, (code) => code.toString(2).padStart(8, '0'), ' '),
  'percent-encoded': (value) => each(value, (code) => `%${hexOf(code)}`),
  'percent-encoded where needed': encodeURIComponent,
  'percent-encoded twice': (value) => encodeURIComponent(each(value, (code) => `%${hexOf(code)}`)),
  'HTML entities': (value) => each(value, (code) => `&#${code};`),
  'HTML entities in hex': (value) => each(value, (code) => `&#x${hexOf(code)};`),
  'mixed escapes': (value) =>
    [...value]
      .map((c, at) => (at % 3 === 0 ? `\\x${hexOf(c.charCodeAt(0))}` : at % 3 === 1 ? `&#${c.charCodeAt(0)};` : c))
      .join(''),
  'JSON escapes': (value) => each(value, (code) => `\\u00${hexOf(code)}`),
  'JSON in JSON': (value) => JSON.stringify(JSON.stringify({ value })),
  reversed: reverse,
  rot13,
  'UTF-16': (value) => Buffer.from(value, 'utf16le').toString('latin1'),
  base32: (value) => base32(bytes(value)),
  'base32, later': (value) => base32(bytes(`abc${value}`)),
  'split by newlines': (value) => (value.match(/.{1,5}/g) ?? []).join('\n'),
  'split by spaces': (value) => [...value].join(' '),
  'split and concatenated': (value) => (value.match(/.{1,7}/g) ?? []).map((part) => JSON.stringify(part)).join(' + '),
  'sown with invisible characters': (value) => [...value].join('\u200b'),
  'in full width': (value) => [...value].map((c) => String.fromCodePoint(c.charCodeAt(0) + 0xfee0)).join(''),
  'in capitals': (value) => value.toUpperCase(),
};

describe('a value that the process knows', () => {
  it.each(Object.keys(encodings))('is found %s, with its name and line and without itself', async (name) => {
    for (const [secret, label] of [
      [token, 'INPUT_GITHUB-TOKEN'],
      [odd, 'PASSWORD'],
    ] as const) {
      const written = encodings[name]?.(secret) ?? '';
      const findings = await scanner.scan('a.txt', `first line\nsecond ${written} end\n`);
      const exact = findings.filter((finding) => finding.rule.startsWith(`exact value of ${label} (`));
      expect(exact).toMatchObject([{ where: 'a.txt' }]);
      expect(exact[0]?.line).toBeGreaterThanOrEqual(2);
      expect(JSON.stringify(findings)).not.toContain(secret);
    }
  });

  it('is found when only a half of it is there, at either end', async () => {
    for (const part of [token.slice(0, 20), token.slice(-20), reverse(token).slice(0, 18)])
      expect(await scanner.scan('a', `x = "${part}"`)).toMatchObject([
        { rule: expect.stringContaining('a part of it') },
      ]);
  });

  it('is not looked for when it is too short to tell', async () => {
    expect(await scanner.scan('a', 'abc abc abc')).toEqual([]);
  });

  it('is not seen where it is not: other tokens’ prefixes, hashes, ordinary text', async () => {
    const benign = [
      'ghs_ is a prefix',
      'a'.repeat(5_000),
      '0123456789abcdef'.repeat(50),
      'The quick brown fox. '.repeat(300),
    ];
    for (const text of benign) expect(await scanner.scan('a', text)).toEqual([]);
    const property = fc.asyncProperty(fc.string({ maxLength: 200 }), async (text) => {
      const found = await scanner.scan('a', text);
      expect(found.filter(({ rule }) => rule.startsWith('exact value'))).toEqual([]);
    });
    await fc.assert(property, { numRuns: 100 });
  });
});

const join = (...parts: string[]): string => parts.join('');
const random = 'q8Zt3Kx7Lw2Vn9Rb4Yc6Md1Hf5Jg0Sp';

describe('what looks like a secret', () => {
  it.each([
    ['GitHub token', join('ghp_', random, 'abcde')],
    ['GitHub fine-grained token', join('github_', 'pat_11AB', random, random)],
    ['GitLab token', join('glpat', '-', random.slice(0, 20))],
    ['Anthropic key', join('sk-', 'ant-api03-', random)],
    ['OpenAI key', join('sk-', 'proj-', random)],
    ['AWS access key', join('AKIA', 'Q7ZTXKLWVNRBYCMD')],
    ['AWS secret key', join('aws_secret_access_key = ', random, 'abc/+DEFG')],
    ['Google API key', join('AIza', random, 'abcd')],
    ['Slack token', join('xoxb', '-123456789012-', random)],
    ['Stripe key', join('sk_', 'live_', random)],
    ['npm token', join('npm_', random, 'abcde')],
    ['private key', join('-----BEGIN OPENSSH ', 'PRIVATE KEY-----')],
    ['JSON web token', join('eyJ', random, '.eyJ', random, '.', random)],
    ['password in an address', join('postgres://app:', 'q8Zt3Kx7Lw', '@db.internal/x')],
    ['assigned secret', join('const api_key = "', random, '"')],
    ['Hugging Face token', join('hf_', random)],
    ['Telegram bot token', join('123456789:', 'AA', random, 'ab')],
    ['Vault token', join('hvs.', random)],
    ['PyPI token', join('pypi-', random, random)],
  ])('is found: %s', async (rule, text) => {
    const findings = await scanner.scan('a', `// one\nconst x = ${text};\n`);
    expect(findings.map((finding) => finding.rule)).toContain(rule);
    expect(findings.find((finding) => finding.rule === rule)?.line).toBe(2);
  });

  it('is not what documentation writes in its place', async () => {
    const text = [
      'postgres://user:password_example@localhost/db',
      'postgres://postgres:postgres@localhost:5432/test',
      'api_key = "your-api-key-goes-right-here-please"',
      join('token: "$', '{{ secrets.GITHUB_TOKEN }}"'),
      'AKIAIOSFODNN7EXAMPLE',
      'sha512-q8Zt3Kx7Lw2Vn9Rb4Yc6Md1Hf5Jg0Spq8Zt3Kx7Lw2Vn9Rb4Yc6Md1Hf5Jg0Sp==',
      'https://example.com/a:b@c',
    ];
    for (const line of text) expect(await scanner.scan('a', line)).toEqual([]);
  });
});

it('reads half a megabyte made to be slow in less than a second', async () => {
  for (const unit of ['a', ' ', 'eyJ', 'secret=', 'aws', 'a://b:', '%41', '&#x', '-----BEGIN A ', 'sk-', '\\u00']) {
    const started = cpuMs();
    await scanner.scan('a', unit.repeat(Math.ceil(524_288 / unit.length)));
    expect(cpuMs() - started, unit).toBeLessThan(2_000);
  }
});
