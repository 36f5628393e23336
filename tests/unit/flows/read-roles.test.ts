import { describe, expect, it } from 'vitest';
import { EntropyError } from '../../../src/domain/error.ts';
import { parseRoleFile } from '../../../src/flows/parse-role-file.ts';
import { resolveRole, roleNames } from '../../../src/flows/read-roles.ts';

const path = '.github/agents/security-reviewer.md';

const file = `---
description: reviews for security only
results: [review]
tools:
  allowed: [read_file, search, find_files]
model: claude-opus-4-8
budget: { max-turns: 20, max-tokens: 400000, max-cost-usd: 1.50, max-minutes: 15m }
paths:
  allowed: [src/**]
  protected: [src/gen/**]
---
Look at what comes from outside first.
`;

const parse = (text: string, name = 'security-reviewer') =>
  parseRoleFile({ name, path: `.github/agents/${name}.md`, bytes: new TextEncoder().encode(text) });

async function refusal(text: string, name?: string): Promise<EntropyError> {
  try {
    await parse(text, name);
  } catch (error) {
    if (error instanceof EntropyError) return error;
    throw error;
  }
  throw new Error('it was read');
}

describe('the file of a role', () => {
  it('is read whole', async () => {
    expect(await parse(file)).toEqual({
      name: 'security-reviewer',
      description: 'reviews for security only',
      results: ['review'],
      instructions: 'Look at what comes from outside first.',
      tools: { allowedTools: ['read_file', 'search', 'find_files'], deniedTools: [] },
      model: 'claude-opus-4-8',
      budget: { maxTurns: 20, maxTokens: 400_000, maxCostMicroUsd: 1_500_000, maxMinutes: 15 },
      allowedPaths: ['src/**'],
      protectedPaths: ['src/gen/**'],
      source: { path },
    });
  });

  it('with line ends of Windows and a byte order mark is the same', async () => {
    expect(await parse(`\ufeff${file.replaceAll('\n', '\r\n')}`)).toEqual(await parse(file));
  });

  it.each([
    ['descripton: x', /:4 "descripton" is not a key of a role/, /did you mean "description"\?/],
    ['model: "not a model"', /:4 model is "not a model", which is not the name of a model/, /leave it out/],
    ['tools: { allowed: [rm] }', /:4 tools.allowed has "rm"/, /bash, read_file/],
    ['tools: { denied: [submit_review] }', /:4 tools.denied has "submit_review"/, /those that end the work/],
    ['tools: { allowed: [] }', /:4 tools.allowed is \[\]/, /write a list/],
    ['budget: { max-turns: 0 }', /:4 budget.max-turns is 0/, /an amount above 0/],
    ['budget: { max-turns: 5000 }', /:4 budget.max-turns is at most 1000, not 5000/, /leave max-turns out/],
    ['budget: many', /:4 budget is "many"/, /budget: \{ max-turns: 20 \}/],
    ['paths: { allowed: ["../x"] }', /:4 paths.allowed holds "..\/x": no "." or ".." in paths/, /globs such as/],
    ['paths: { allowed: [] }', /:4 paths.allowed is empty, which would allow everything/, /globs such as/],
    ['permissions: write', /:4 "permissions" is not a key of a role/, /known here: description, results/],
    ['a: &x 1\nb: *x', /:5 aliases are not allowed/, /write the value itself/],
    ['model: [', /security-reviewer.md:\d+ /, /correct the YAML/],
  ])('with %j is refused at its line, with the value seen and what to do', async (line, message, fix) => {
    const error = await refusal(`---\ndescription: d\nresults: [review]\n${line}\n---\nHow.\n`);
    expect(error.code).toBe('E101');
    expect(error.message).toMatch(message);
    expect(error.fix).toMatch(fix);
  });

  it.each([
    ['no front matter', 'Just words.\n', /security-reviewer.md:1 there is no front matter/],
    ['a front matter that does not end', '---\ndescription: d\n', /there is no front matter/],
    ['no instructions', '---\ndescription: d\nresults: [review]\n---\n \n', /there is no text below/],
    ['no description', '---\nresults: [review]\n---\nHow.\n', /description is missing/],
    [
      'a description of two lines',
      '---\ndescription: "a\\nb"\nresults: [review]\n---\nHow.\n',
      /description is "a\\nb"/,
    ],
    ['no results', '---\ndescription: d\n---\nHow.\n', /results is missing/],
    ['results that there are not', '---\ndescription: d\nresults: [deploy]\n---\nHow.\n', /:3 results has "deploy"/],
    ['too long instructions', `---\ndescription: d\nresults: [plan]\n---\n${'x'.repeat(16_001)}`, /16001 characters/],
    ['too many bytes', `${file}${'\n'.repeat(70_000)}`, /at most 65536 are read/],
    ['a list for front matter', '---\n- a\n---\nHow.\n', /the front matter is \["a"\]/],
  ])('with %s is refused', async (_what, text, message) => {
    expect((await refusal(text)).message).toMatch(message);
  });

  it('that is not UTF-8 is refused', async () => {
    const bytes = new Uint8Array([0xff, 0xfe, 0x00]);
    await expect(parseRoleFile({ name: 'x', path, bytes })).rejects.toMatchObject({ code: 'E101' });
  });

  it('tells all that is wrong at once', async () => {
    const { message } = await refusal('---\nresults: [deploy]\ncolour: red\n---\n');
    expect(message.split('; ')).toHaveLength(4);
  });
});

describe('a file that has the name of a shipped role', () => {
  it('takes its place with what the role gives, or less', async () => {
    const tester = await parse('---\ndescription: ours\n---\nOur way.\n', 'tester');
    expect(tester).toMatchObject({ results: ['verification', 'change'], instructions: 'Our way.' });
    const narrow = await parse('---\ndescription: ours\nresults: verification\n---\nOur way.\n', 'tester');
    expect(narrow?.results).toEqual(['verification']);
  });

  it('cannot give more than the role does', async () => {
    const error = await refusal('---\ndescription: ours\nresults: [review, change]\n---\nOur way.\n', 'reviewer');
    expect(error.message).toContain('results has "change", which the shipped role reviewer does not give');
  });
});

describe('roles of a repository', () => {
  const forge = (files: Readonly<Record<string, string>>) => ({
    file: async (name: string, ref: string) => {
      expect(ref).toBe('sha');
      return files[name] === undefined ? undefined : new TextEncoder().encode(files[name]);
    },
    filesIn: async () => Object.keys(files).map((name) => name.slice(name.lastIndexOf('/') + 1)),
  });

  it('are found before the shipped ones, and those where there is no file', async () => {
    const own = forge({ [path]: file, '.github/agents/coder.md': '---\ndescription: ours\n---\nOur way.\n' });
    const find = async (name: string) => {
      const found = await resolveRole(own, { name, sha: 'sha' });
      return found.kind === 'role' ? found.role : undefined;
    };
    expect(await find('security-reviewer')).toMatchObject({ source: { path } });
    expect(await find('coder')).toMatchObject({ source: { path: '.github/agents/coder.md' } });
    expect(await find('reviewer')).toMatchObject({ source: 'shipped' });
  });

  it('that are not there are answered with those that are', async () => {
    const own = forge({ [path]: file, '.github/agents/README.md': 'x', '.github/agents/notes.txt': 'x' });
    const known = ['coder', 'issue-reader', 'reviewer', 'security-reviewer', 'tester'];
    expect(await resolveRole(own, { name: 'cooder', sha: 'sha' })).toEqual({ kind: 'not-found', known });
    expect(await resolveRole(own, { name: '../../secrets', sha: 'sha' })).toEqual({ kind: 'not-found', known });
    expect(await roleNames(own, 'sha')).toEqual(known);
  });

  it.each([
    ['with a name', 'name: Reviewer\ndescription: looks at code'],
    ['with servers', 'description: looks\nmcp-servers: { docs: { type: local } }'],
    ['with a list of tools', 'description: looks\ntools: ["read", "edit"]'],
  ])('are not taken from an agent of GitHub Copilot %s', async (_name, frontMatter) => {
    const text = `---\n${frontMatter}\n---\nLook at it.\n`;
    const own = forge({ '.github/agents/reviewer.md': text, '.github/agents/docs-writer.md': text });
    expect(await resolveRole(own, { name: 'reviewer', sha: 'sha' })).toMatchObject({ role: { source: 'shipped' } });
    const found = await resolveRole(own, { name: 'docs-writer', sha: 'sha' });
    expect(found).toMatchObject({ kind: 'not-found', other: '.github/agents/docs-writer.md' });
    expect(found).toMatchObject({ known: expect.not.arrayContaining(['docs-writer']) });
  });

  it.each([
    ['results: [review]\nname: x\ndescription: y'],
    ['name: x\ndescription: y\nbudget: { max-turns: 3 }'],
    ['description: y\ntools: { allow: [read_file] }'],
  ])('and what somebody meant as a role is refused and not passed over: %s', async (frontMatter) => {
    const own = forge({ '.github/agents/reviewer.md': `---\n${frontMatter}\n---\nLook at it.\n` });
    await expect(resolveRole(own, { name: 'reviewer', sha: 'sha' })).rejects.toMatchObject({ code: 'E101' });
  });

  it('whose file is wrong are not replaced by the shipped one', async () => {
    const own = forge({ '.github/agents/coder.md': 'no front matter' });
    await expect(resolveRole(own, { name: 'coder', sha: 'sha' })).rejects.toMatchObject({ code: 'E101' });
  });
});
