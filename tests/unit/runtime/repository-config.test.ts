import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { configSchemaJson } from '../../../scripts/config-schema.ts';
import { EntropyError } from '../../../src/domain/error.ts';
import { parseRepositoryConfig, readRepositoryConfig } from '../../../src/runtime/repository-config.ts';

const full = `
base: main
setup: npm ci
test: npm test
model: claude-opus-4-8
limits: { max-turns: 20, max-tokens: 100000, max-cost-usd: 0.5, max-minutes: 1h30m, max-files: 9, max-patch-size: 64 KiB }
paths:
  allowed: ["src/**"]
  protected: ["src/legal/**"]
  unprotected: [package-lock.json]
draft: false
branch-prefix: bots/
label-trigger: robot
trigger-phrase: /robot
allow-users: [alice]
allowed-bots: ["renovate[bot]"]
sandbox: { required: bubblewrap, env: { TZ: UTC } }
prices: { my-model: { input: 1, output: 2, cacheWrite: 3, cacheRead: 4 } }
who: { fix: triage, approve: [maintain, octo/security, alice] }
roles: { allowed: [coder] }
models: { allowed: ["claude-*"] }
tools: { allowed: [bash, read_file], denied: [search] }
network: { setup: [npm, packages.example.com], agent: npm, services: [5432] }
merge: never
`;

async function problems(text: string | Uint8Array): Promise<string> {
  const error: unknown = await parseRepositoryConfig(text).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof EntropyError)) throw new Error(`not refused: ${String(error)}`);
  expect(error.code).toBe('E101');
  return error.message;
}

describe('.github/entropy.yml', () => {
  it('gives every setting, with quantities as numbers', async () => {
    const { values } = await parseRepositoryConfig(full);
    expect(values).toMatchObject({
      maxCostMicroUsd: 500_000,
      maxMinutes: 90,
      maxPatchBytes: 65_536,
      unprotectedPaths: ['package-lock.json'],
      requiredSandbox: 'bubblewrap',
      sandboxEnv: { TZ: 'UTC' },
      draft: false,
      who: { fix: ['triage'], approve: ['maintain', 'octo/security', 'alice'] },
      setupNetwork: ['npm', 'packages.example.com'],
      agentNetwork: ['npm'],
      services: [5432],
      deniedTools: ['search'],
    });
  });

  it('may be empty or only comments', async () => {
    expect((await parseRepositoryConfig('')).values).toEqual({});
    expect((await parseRepositoryConfig('# nothing yet\n')).values).toEqual({});
  });

  it('refuses unknown keys with their place and the nearest known one, all at once', async () => {
    const message = await problems('limits:\n  max-turn: 3\nmodle: x\n');
    expect(message).toContain('.github/entropy.yml:2:3 unknown key "limits.max-turn"; did you mean "max-turns"?');
    expect(message).toContain('.github/entropy.yml:3:1 unknown key "modle"; did you mean "model"?');
  });

  it.each([
    ['setup:\n', ':1:1 setup must be text'],
    ['draft: yes\n', ':1:1 draft must be true or false'],
    ['allow-users: alice\n', ':1:1 allow-users must be a list'],
    ['limits:\n  max-cost-usd: lots\n', ':2:3 limits.max-cost-usd is an amount of US dollars'],
    ['limits:\n  max-minutes: 900\n', ':2:3 limits.max-minutes is at most 350, not 900'],
    ['paths:\n  allowed:\n    - ok\n    - 7\n', ':4:7 entry 2 of paths.allowed must be text'],
    ['sandbox:\n  env:\n    API_KEY: x\n', ':3:5 sandbox.env holds "API_KEY", which looks like a secret'],
    ['a: 1\na: 2\n', ':2:1 Map keys must be unique'],
    ['x: &a 1\nbase: *a\n', ':2:7 aliases are not allowed'],
    ['- a\n', ':1:1 the file must be a group of keys'],
    ['base: [', ':1:8'],
    ['limits:\n  max-turns: 1\n  max-turns: 2\n', ':3:3 Map keys must be unique'],
    ['who:\n  fix: [a/b/c]\n', ':2:9 who says "a/b/c" for "fix"'],
    ['network:\n  setup: open\n  agent: open\n', ':3:3 network.agent holds "open"'],
    ['network:\n  setup: [npm, "*.example.com"]\n', ':2:16 network.setup holds "*.example.com"'],
    ['network:\n  services: [5432, 2375]\n', ':2:20 network.services holds 2375'],
    ['tools:\n  denied: [submit]\n', ':2:12 tools.denied holds "submit"'],
    ['models:\n  allowed: ["a b"]\n', ':2:13 models.allowed holds "a b"'],
    ['models:\n  allowed: []\n', ':2:3 models.allowed is empty, which would allow everything'],
    ['tools: { allowed: [] }\n', ':1:10 tools.allowed is empty'],
    ['roles: { allowed: [] }\n', ':1:10 roles.allowed is empty'],
    ['paths: { allowed: [] }\n', ':1:10 paths.allowed is empty'],
    ['merge: yes\n', ':1:1 merge must be one of never, auto'],
  ])('%j is told as %j', async (text, expected) => {
    expect(await problems(text)).toContain(expected);
  });

  it('tells all that is wrong at once, whatever kind it is of and however many share a list', async () => {
    const message = await problems(`limits:
  max-turns: 0
  max-cost-usd: lots
  max-tokens: 2000000000
allow-users: [-bad-, alice, 7, "a/b"]
who:
  fix: [x/y/z, triage]
  retry: ["not a login", 8]
  approv: write
network:
  agent: [open, 10.0.0.1]
  services: [22, 99999, 2375]
sandbox:
  env: { API_KEY: x, "A B": y }
prices: { mine: { input: 1 } }
`);
    const lines = message
      .split('\n')
      .slice(1)
      .map((line) => line.replace('- .github/entropy.yml:', ''));
    expect(lines).toEqual([
      '2:3 limits.max-turns must be at least 1',
      expect.stringMatching(/^3:3 limits\.max-cost-usd is an amount/),
      '4:3 limits.max-tokens is at most 1000000000, not 2000000000',
      expect.stringMatching(/^5:15 allow-users holds "-bad-"/),
      '5:29 entry 3 of allow-users must be text',
      expect.stringMatching(/^5:32 allow-users holds "a\/b"/),
      expect.stringMatching(/^7:9 who says "x\/y\/z" for "fix"/),
      expect.stringMatching(/^8:11 who says "not a login" for "retry"/),
      '8:26 entry 2 of who.retry must be text',
      '9:3 unknown key "who.approv"; did you mean "approve"?',
      expect.stringMatching(/^11:11 network\.agent holds "open"/),
      expect.stringMatching(/^11:17 network\.agent holds "10\.0\.0\.1"/),
      expect.stringMatching(/^12:14 network\.services holds 22/),
      '12:18 entry 2 of network.services must be at most 65535',
      expect.stringMatching(/^12:25 network\.services holds 2375/),
      expect.stringMatching(/^14:10 sandbox\.env holds "API_KEY"/),
      expect.stringMatching(/^14:22 sandbox\.env holds "A B"/),
      '15:11 prices.mine.output must be a number',
      '15:11 prices.mine.cacheWrite must be a number',
      '15:11 prices.mine.cacheRead must be a number',
    ]);
  });

  it('tells so many of one list and no more', async () => {
    const message = await problems(`allow-users: [${Array.from({ length: 150 }, () => '-x').join(', ')}]\n`);
    expect(message.match(/holds "-x"/g)).toHaveLength(20);
    expect(message).toContain('allow-users holds 130 more that are wrong');
  });

  it('refuses what is not UTF-8 and what is too large', async () => {
    expect(await problems(new Uint8Array([0x62, 0xff]))).toMatch(/not UTF-8/);
    expect(await problems('#'.repeat(70_000))).toMatch(/larger than 16 KiB/);
  });

  it('is an empty layer when the repository has none, and is found when it has', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'entropy-config-'));
    try {
      expect((await readRepositoryConfig(folder)).values).toEqual({});
      await mkdir(join(folder, '.github'));
      await writeFile(join(folder, '.github/entropy.yml'), 'test: make test\n');
      expect((await readRepositoryConfig(folder)).values).toEqual({ test: 'make test' });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('never throws anything but a clear refusal, whatever it holds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string({ maxLength: 200 }), fc.json()), async (text) => {
        const error: unknown = await parseRepositoryConfig(text).catch((thrown: unknown) => thrown);
        if (error instanceof Error) expect(error).toBeInstanceOf(EntropyError);
      }),
      { numRuns: 200 },
    );
  });

  it('has a published schema that is generated from the one that reads it, and accepts the same file', () => {
    expect(readFileSync('docs/entropy.schema.json', 'utf8')).toBe(configSchemaJson());
    const validate = new Ajv({ allowUnionTypes: true }).compile(JSON.parse(configSchemaJson()));
    expect([validate(parse(full)), validate.errors]).toEqual([true, null]);
    expect(validate({ modle: 'x' })).toBe(false);
  });
});
