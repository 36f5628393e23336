import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PatchFile, PatchManifest } from '../../../src/domain/patch.ts';
import { checkPatch, contentBytes, describeProblems } from '../../../src/domain/patch-check.ts';
import { defaultPatchPolicy, type PatchPolicy } from '../../../src/domain/patch-policy.ts';
import { anyText } from '../../fakes/any-text.ts';
import { blobSha } from '../../fakes/git-objects.ts';

function file(path: string, change: Partial<Extract<PatchFile, { change: 'added' | 'modified' }>> = {}): PatchFile {
  const content = change.content ?? 'x\n';
  const sizeBytes = Buffer.byteLength(content);
  return {
    change: 'modified',
    path,
    mode: '100644',
    sizeBytes,
    blobSha: blobSha(content),
    encoding: 'utf-8',
    content,
    ...change,
  };
}

function manifest(...files: PatchFile[]): PatchManifest {
  const sha = '1'.repeat(40);
  return { schema: 1, runId: '01JD', base: { sha, treeSha: sha }, treeSha: sha, files };
}

function check(files: PatchFile[], policy: Partial<PatchPolicy> = {}) {
  return checkPatch(manifest(...files), { ...defaultPatchPolicy, ...policy }, blobSha);
}

const rulesFor = (path: string, policy: Partial<PatchPolicy> = {}) =>
  check([file(path)], policy).map((one) => one.rule);

describe('a patch is checked', () => {
  it('and an ordinary one has no problem', () => {
    const files = [file('src/slugify.ts'), file('docs/a b.md'), file('.editorconfig'), file('naïve/日本.txt')];
    expect(check([...files, { change: 'deleted', path: 'old.ts' }])).toEqual([]);
  });

  it.each([
    ['', 'path-shape'],
    ['/etc/passwd', 'path-shape'],
    ['C:/x', 'path-shape'],
    ['a/../../b', 'path-shape'],
    ['./a', 'path-shape'],
    ['a//b', 'path-shape'],
    ['a/', 'path-shape'],
    ['a\0b', 'path-shape'],
    ['a\nb', 'path-shape'],
    ['a\\b', 'path-shape'],
    ['.git /config', 'path-shape'],
    ['.git./config', 'path-shape'],
    ['.g\u200cit/config', 'path-shape'],
    ['.github\u2060/x', 'path-shape'],
    ['\ud800', 'path-shape'],
    ['x'.repeat(1025), 'path-shape'],
    ['.git/config', 'git-internal'],
    ['sub/.GIT/config', 'git-internal'],
    ['.ｇit/config', 'git-internal'],
    ['git~1/config', 'git-internal'],
    ['GITHUB~1/workflows/x.yml', 'git-internal'],
    ['.git::$INDEX_ALLOCATION/config', 'git-internal'],
    ['.gitmodules', 'git-internal'],
    ['sub/.GitModules', 'git-internal'],
  ])('and %j is refused whatever the settings say', (path, rule) => {
    expect(rulesFor(path, { unprotectedPaths: ['**', '*'] })).toEqual([rule]);
  });

  it.each([
    '.github/workflows/ci.yml',
    '.GitHub/workflows/ci.yml',
    '.ｇithub/workflows/ci.yml',
    '.vscode/tasks.json',
    '.claude/settings.json',
    'CODEOWNERS',
    'docs/CodeOwners',
    'AGENTS.md',
    'pkg/CLAUDE.md',
    'package.json',
    'pkg/package.json',
    'package-lock.json',
    'requirements-dev.txt',
    'a/b.csproj',
    '.npmrc',
  ])('and %s is refused with the setting that would allow it', (path) => {
    const problems = check([file(path)]);
    expect(problems).toMatchObject([{ rule: 'protected', path, setting: 'unprotected-paths' }]);
    expect(check([file(path)], { unprotectedPaths: [path] })).toEqual([]);
  });

  it.each([
    [
      'can run code on installation',
      'binding.gyp packages/native/binding.gyp .pnpmfile.mjs .pnpmfile.cjs mvnw mvnw.cmd',
    ],
    [
      'can run code on installation',
      'Directory.Build.targets Directory.Build.props crates/a/.cargo/config.toml gradlew',
    ],
    [
      'can run code on installation',
      'gradlew.bat gradle/wrapper/gradle-wrapper.jar app/gradle/wrapper/x buildSrc/a.kt',
    ],
    ['checks the branch out', 'lefthook.toml lefthook.json .lefthook.toml lefthook-local.yml web/.husky/pre-commit'],
    ['checks the branch out', 'web/.vscode/tasks.json web/.devcontainer/devcontainer.json'],
    [
      'instructions for agents',
      'web/.claude/settings.json web/.cursor/rules/a.mdc .aider.conf.yml opencode.json AGENT.md',
    ],
    ['instructions for agents', '.windsurfrules .clinerules .clinerules/a.md'],
    [
      'a pipeline',
      'netlify.toml site/netlify.toml vercel.json amplify.yml action.yml tools/lint/action.yaml cloudbuild.yml',
    ],
  ])('and what %s is protected wherever it lies: %s', (why, paths) => {
    for (const path of paths.split(' ')) {
      const [problem, ...others] = check([file(path)]);
      expect({ path, problem }).toMatchObject({
        problem: { rule: 'protected', message: expect.stringContaining(why) },
      });
      expect(others).toEqual([]);
    }
  });

  it('and names that are only like those are not protected', () => {
    for (const path of [
      'src/action.ts',
      'gradle/wrappers.md',
      'docs/vercel.json.md',
      'src/cargo/config.toml',
      'agent.ts',
    ])
      expect(check([file(path)])).toEqual([]);
  });

  it('and a rename out of a protected folder shows as its deletion there', () => {
    expect(check([{ change: 'deleted', path: '.github/workflows/ci.yml' }, file('ci.yml')])).toMatchObject([
      { rule: 'protected', path: '.github/workflows/ci.yml' },
    ]);
  });

  it.each(['120000', '160000'] as const)('and mode %s is refused', (mode) => {
    expect(check([file('a', { mode })], { unprotectedPaths: ['**'] })).toMatchObject([{ rule: 'mode', path: 'a' }]);
  });

  it('and limits on files and bytes hold, whatever sizes are claimed', () => {
    const many = Array.from({ length: 51 }, (_, index) => file(`f${index}`));
    expect(check(many)).toMatchObject([{ rule: 'too-many-files', setting: 'max-files' }]);
    const large = 'x'.repeat(600_000);
    expect(check([file('a', { content: large })])).toMatchObject([
      { rule: 'too-many-bytes', setting: 'max-patch-size' },
    ]);
    const lying = check([file('a', { content: large, sizeBytes: 1 })]).map((one) => one.rule);
    expect(lying).toEqual(['too-many-bytes', 'content']);
    expect(check([])).toMatchObject([{ rule: 'empty' }]);
  });

  it('and the repository’s own lists hold', () => {
    expect(rulesFor('src/a.ts', { protectedPaths: ['SRC/**'] })).toEqual(['protected']);
    expect(rulesFor('src/a.ts', { allowedPaths: ['src/**'] })).toEqual([]);
    expect(rulesFor('lib/a.ts', { allowedPaths: ['src/**'] })).toEqual(['outside-allowed']);
    expect(rulesFor('src/a.ts', { protectedPaths: ['src'], unprotectedPaths: ['src/**'] })).toEqual(['protected']);
  });

  it('and content must be what size and object id say', () => {
    expect(check([file('a', { blobSha: blobSha('other') })])).toMatchObject([{ rule: 'content', path: 'a' }]);
    expect(check([file('a', { sizeBytes: 3 })])).toMatchObject([{ rule: 'content' }]);
    for (const content of ['####', 'eA', 'eB==', 'eA==\n'])
      expect(check([file('a', { encoding: 'base64', content, sizeBytes: 1 })])).toMatchObject([{ rule: 'content' }]);
    expect(check([file('a', { encoding: 'base64', content: 'eA==', sizeBytes: 1, blobSha: blobSha('x') })])).toEqual(
      [],
    );
  });

  it('and paths that are one file somewhere are refused, a rename in case is not', () => {
    expect(check([file('a'), file('a')])).toMatchObject([{ rule: 'duplicate' }]);
    expect(check([file('Readme.md'), file('README.md')])).toMatchObject([{ rule: 'same-on-some-systems' }]);
    expect(check([file('e\u0301'), file('\u00e9')])).toMatchObject([{ rule: 'same-on-some-systems' }]);
    expect(check([file('a'), file('A/b')])).toMatchObject([{ rule: 'file-and-folder', path: 'A/b' }]);
    expect(check([{ change: 'deleted', path: 'Readme.md' }, file('README.md')])).toEqual([]);
    expect(check([{ change: 'deleted', path: 'a' }, file('a/b')])).toEqual([]);
  });

  it('and all problems are told at once, each in a line', () => {
    const problems = check([file('.github/x'), file('../y'), file('link', { mode: '120000' })]);
    expect(describeProblems(problems)).toEqual([
      '".github/x": protected: workflows and settings of the repository (setting: unprotected-paths)',
      '"../y": the path has a part . or ..',
      '"link": it is a symbolic link; only plain files may be published',
    ]);
    expect(describeProblems(problems, 1)).toHaveLength(2);
  });

  it('and no spelling of a path into .git or .github gets through', () => {
    const noise = fc.constantFrom('', '\u200c', '\ufeff', '\u00ad', '\ufe0f', ' ', '.', '\u2060');
    const letter = (char: string) =>
      fc.constantFrom(char, char.toUpperCase(), String.fromCodePoint(char.charCodeAt(0) + 0xfee0));
    const word = (text: string) =>
      fc
        .tuple(...[...text].map((char) => (char === '.' ? fc.constant('.') : letter(char))))
        .map((chars) => chars.join(''));
    const spelled = fc
      .tuple(noise, fc.oneof(word('.git'), word('.github')), noise, fc.constantFrom('', ':x'))
      .map((parts) => parts.join(''));
    const property = fc.property(spelled, fc.constantFrom('config', 'workflows/x.yml'), (folder, rest) => {
      expect(rulesFor(`${folder}/${rest}`)).not.toEqual([]);
    });
    fc.assert(property, { numRuns: 5_000 });
  });

  it('and never throws nor lets pass what is not a relative path', () => {
    const property = fc.property(anyText({ maxLength: 30 }), (path) => {
      const refused = rulesFor(path).length > 0;
      const odd = path === '' || /[\0\\]|^\/|(?:^|\/)\.{0,2}(?:\/|$)/.test(path);
      expect(refused || !odd).toBe(true);
    });
    fc.assert(property, { numRuns: 5_000 });
  });

  it('and base64 stands for exactly its bytes', () => {
    const property = fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const content = Buffer.from(bytes).toString('base64');
      expect(contentBytes({ encoding: 'base64', content })).toEqual(Uint8Array.from(bytes));
    });
    fc.assert(property);
  });
});
