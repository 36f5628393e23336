import { describe, expect, it } from 'vitest';
import type { PatchManifest } from '../../../src/domain/patch.ts';
import { mergeVersions } from '../../../src/flows/address/merge-versions.ts';
import { FakeForge } from '../../fakes/fake-forge.ts';
import { blobSha } from '../../fakes/git-objects.ts';

type Files = Readonly<Record<string, string | Uint8Array>>;

/** A merge of two sides that left one commit; `merged`: what it has otherwise than the base, undefined for what it has not. */
function scene({ fork, ours, theirs }: Readonly<Record<'fork' | 'ours' | 'theirs', Files>>) {
  const forge = new FakeForge({ files: fork });
  const forkSha = forge.git.branches.get('main') ?? '';
  const headSha = forge.git.commitFiles(ours, [forkSha]);
  const baseSha = forge.git.commitFiles(theirs, [forkSha]);
  const read = (merged: Readonly<Record<string, string | Uint8Array | undefined>>, mostFiles = 10) => {
    const files = Object.entries(merged).map(([path, content]): PatchManifest['files'][number] => {
      if (content === undefined) return { change: 'deleted', path };
      const bytes = Buffer.from(content);
      return {
        ...{ change: 'modified', path, mode: '100644', sizeBytes: bytes.length, blobSha: blobSha(bytes) },
        ...{ encoding: 'base64', content: bytes.toString('base64') },
      };
    });
    const { treeSha } = forge.git.commit(baseSha);
    const manifest: PatchManifest = { schema: 1, runId: 'r', base: { sha: baseSha, treeSha }, treeSha, files };
    forge.calls.length = 0;
    return mergeVersions({ forge, manifest, forkSha, headSha, mostFiles, signal: AbortSignal.timeout(60_000) });
  };
  return { forge, read };
}

const quiet = Object.fromEntries(Array.from({ length: 150 }, (_, at) => [`quiet/${at}.txt`, 'as it was\n']));

describe('the versions of a merge that somebody has to judge', () => {
  it('are of files that both changed, and of those that the merge has otherwise than the one side that changed them', async () => {
    const all = { ...quiet, 'both.md': 'a\n', 'ours.md': 'a\n', 'theirs.md': 'a\n', 'dropped.md': 'a\n' };
    const { read } = scene({
      fork: all,
      ours: { ...all, 'both.md': 'ours\n', 'ours.md': 'ours\n' },
      theirs: { ...all, 'both.md': 'theirs\n', 'theirs.md': 'theirs\n', 'dropped.md': 'theirs\n' },
    });
    const found = await read({
      'both.md': 'ours and theirs\n',
      'ours.md': 'ours\n',
      'dropped.md': 'a\n',
      'new.md': 'x\n',
    });
    expect(found).toEqual({
      kind: 'files',
      files: [
        { path: 'both.md', base: 'a\n', ours: 'ours\n', theirs: 'theirs\n', merged: 'ours and theirs\n' },
        { path: 'dropped.md', base: 'a\n', ours: 'a\n', theirs: 'theirs\n', merged: 'a\n' },
        { path: 'new.md', base: undefined, ours: undefined, theirs: undefined, merged: 'x\n' },
      ],
    });
  });

  it('cost three listings and one request for each content, however many files one side has changed', async () => {
    const edited = Object.fromEntries(Object.keys(quiet).map((path) => [path, 'ours\n']));
    const { read, forge } = scene({
      fork: { ...quiet, 'both.md': 'a\n' },
      ours: { ...edited, 'both.md': 'ours\n' },
      theirs: { ...quiet, 'both.md': 'theirs\n' },
    });
    await read({ ...edited, 'both.md': 'ours, theirs\n' });
    const [listings, contents] = ['trees/{tree_sha}', 'blobs/{file_sha}'].map(
      (end) => forge.calls.filter((call) => call.endsWith(end)).length,
    );
    expect([listings, contents, forge.calls.length]).toEqual([3, 3, 6]);
  });

  it('are not read when there are too many, or when nobody lists them', async () => {
    const { read, forge } = scene({ fork: quiet, ours: {}, theirs: quiet });
    // The branch took them all away, and the merge has them.
    expect(await read({}, 100)).toEqual({ kind: 'too-many', files: 150 });
    expect(forge.calls).toHaveLength(3);
    forge.filesAt = async () => undefined;
    expect(await read({})).toEqual({ kind: 'untold' });
  });

  it('are told apart by their bytes where they are no text, and letter by letter in an old encoding', async () => {
    const bytes = (...values: number[]) => Uint8Array.from(values);
    const { read } = scene({
      fork: { 'a.bin': bytes(1, 0, 0xe0), 'a.txt': bytes(0x61, 0xe0) },
      ours: { 'a.bin': bytes(1, 0, 0xe1), 'a.txt': bytes(0x61, 0xe1) },
      theirs: { 'a.bin': bytes(1, 0, 0xe2), 'a.txt': bytes(0x61, 0xe2) },
    });
    const found = await read({ 'a.bin': bytes(1, 0, 0xe2), 'a.txt': bytes(0x61, 0xe3) });
    const [binary, text] = found.kind === 'files' ? found.files : [];
    expect(new Set([binary?.base, binary?.ours, binary?.theirs]).size).toBe(3);
    expect(binary?.merged).toBe(binary?.theirs);
    expect(text).toMatchObject({ base: 'aà', ours: 'aá', theirs: 'aâ', merged: 'aã' });
  });
});
