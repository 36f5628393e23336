import { createHash, randomUUID } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

export interface ArtifactRecord {
  readonly id: number;
  readonly name: string;
  /** Bytes of all files. */
  readonly size: number;
  /** `sha256:…` over names and contents. GitHub's is over its zip, so the two differ. */
  readonly digest: string;
  /** Absolute folder with the files, for who wants to read them after the run. */
  readonly folder: string;
}

export interface ArtifactUpload {
  readonly name: string;
  readonly root: string;
  /** Absolute, below `root`. */
  readonly files: readonly string[];
  readonly overwrite: 'refuse' | 'replace';
}

export type UploadResult =
  | { readonly kind: 'stored'; readonly artifact: ArtifactRecord }
  | { readonly kind: 'refused'; readonly reason: string };

/** The artifacts of one workflow run: names are taken once, contents are files without modes, as GitHub's are. */
export interface ArtifactStore {
  list(): readonly ArtifactRecord[];
  upload(upload: ArtifactUpload): UploadResult;
  /** Copies the files and checks them against the digest. */
  download(artifact: ArtifactRecord, target: string): 'intact' | 'damaged';
}

/** Characters that GitHub refuses, because some file systems cannot hold them. */
const forbiddenInName = /["\\:<>|*?\r\n/]/;
const forbiddenInPath = /[":<>|*?\r\n]/;

export function createArtifactStore(folder: string): ArtifactStore {
  const stored = new Map<string, ArtifactRecord>();
  let lastId = 0;
  mkdirSync(folder, { recursive: true });

  return {
    list: () => [...stored.values()],
    upload: (upload) => {
      const problem = problemOf(upload, stored);
      if (problem !== undefined) return { kind: 'refused', reason: problem };
      // Written aside first: an upload that breaks off half way is no artifact.
      const aside = path.join(folder, `.${randomUUID()}`);
      for (const file of upload.files) copyWithoutMode(file, path.join(aside, path.relative(upload.root, file)));
      lastId += 1;
      const target = path.join(folder, String(lastId));
      renameSync(aside, target);
      const previous = stored.get(upload.name);
      if (previous !== undefined) rmSync(previous.folder, { recursive: true, force: true });
      const artifact = { id: lastId, name: upload.name, folder: target, ...measure(target) };
      stored.set(upload.name, artifact);
      writeFileSync(path.join(folder, 'artifacts.json'), `${JSON.stringify([...stored.values()], null, 2)}\n`);
      return { kind: 'stored', artifact };
    },
    download: (artifact, target) => {
      mkdirSync(target, { recursive: true });
      const intact = existsSync(artifact.folder) && measure(artifact.folder).digest === artifact.digest;
      for (const file of filesBelow(artifact.folder)) {
        copyWithoutMode(path.join(artifact.folder, file), path.join(target, file));
      }
      return intact ? 'intact' : 'damaged';
    },
  };
}

function problemOf(upload: ArtifactUpload, stored: ReadonlyMap<string, ArtifactRecord>): string | undefined {
  if (upload.name === '') return 'Artifact name is empty';
  if (forbiddenInName.test(upload.name)) {
    return `The artifact name is not valid: ${upload.name}. It may not contain any of " : < > | * ? \\ / or a line break`;
  }
  const badPath = upload.files.find((file) => forbiddenInPath.test(path.relative(upload.root, file)));
  if (badPath !== undefined)
    return `The path of a file is not valid: ${badPath}. It may not contain any of " : < > | * ? or a line break`;
  const taken = stored.has(upload.name) && upload.overwrite === 'refuse';
  return taken ? '(409) Conflict: an artifact with this name already exists on the workflow run' : undefined;
}

/** A zip made by `upload-artifact` keeps no modes: files come out as 644, and links as what they point at. */
function copyWithoutMode(from: string, to: string): void {
  mkdirSync(path.dirname(to), { recursive: true });
  rmSync(to, { force: true });
  copyFileSync(from, to);
  chmodSync(to, 0o644);
}

function filesBelow(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(path.join(folder, name)).isFile())
    .sort();
}

function measure(folder: string): { readonly size: number; readonly digest: string } {
  const hash = createHash('sha256');
  let size = 0;
  for (const file of filesBelow(folder)) {
    const bytes = readFileSync(path.join(folder, file));
    size += bytes.length;
    hash.update(`${JSON.stringify(file)} ${bytes.length}\n`).update(bytes);
  }
  return { size, digest: `sha256:${hash.digest('hex')}` };
}
