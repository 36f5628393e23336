import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSecretScanner } from '../../../../src/adapters/secretlint/secret-scanner.ts';
import { cpuMs } from '../../../fakes/cpu-time.ts';
import { reversed, spellings } from '../../../fakes/secret-spellings.ts';

// Put together at run time, so that no scanner (ours included) takes this file for a leak.
const token = ['ghs', 'aB3dE5gH7jK9mN1pQ3sT5vW7xY9zA1cD3fG5'].join('_');
const odd = 'p@ss/w0rd+with=signs&more';
const scanner = createSecretScanner({ known: { 'INPUT_GITHUB-TOKEN': token, PASSWORD: odd, SHORT: 'abc' } });

describe('a value that the process knows', () => {
  it.each(Object.keys(spellings))('is found %s, with its name and line and without itself', async (name) => {
    for (const [secret, label] of [
      [token, 'INPUT_GITHUB-TOKEN'],
      [odd, 'PASSWORD'],
    ] as const) {
      const written = spellings[name]?.(secret) ?? '';
      const findings = await scanner.scan('a.txt', `first line\nsecond ${written} end\n`);
      const exact = findings.filter((finding) => finding.rule.startsWith(`exact value of ${label} (`));
      expect(exact).toMatchObject([{ where: 'a.txt' }]);
      expect(exact[0]?.line).toBeGreaterThanOrEqual(2);
      expect(JSON.stringify(findings)).not.toContain(secret);
    }
  });

  it('is found when only a half of it is there, at either end', async () => {
    for (const part of [token.slice(0, 20), token.slice(-20), reversed(token).slice(0, 18)])
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
