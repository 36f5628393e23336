import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Deployment } from '../../domain/deployment.ts';
import { EntropyError } from '../../domain/error.ts';
import { readDeployment } from './read-deployment.ts';

/** What is kept on this machine about one stack. Everything but `releases` could be found out again. */
export interface DeploymentFiles {
  /** Of the settings that the CDK app reads. */
  readonly settingsFile: string;
  load(): Promise<Deployment | undefined>;
  save(deployment: Deployment): Promise<void>;
  /** PEM of an App whose key is not in KMS yet, by the App's number. */
  waitingKey(): Promise<{ readonly appId: number; readonly pem: string } | undefined>;
  keepKey(appId: number, pem: string): Promise<void>;
  /** Overwritten first: a disk may keep what a file system forgets. */
  removeKey(appId: number): Promise<void>;
  readSettings(): Promise<Readonly<Record<string, unknown>> | undefined>;
  writeSettings(settings: Readonly<Record<string, unknown>>): Promise<void>;
  /** Folder of a synthesised stack. */
  releaseFolder(id: string): string;
  /** Ids of those that are there. */
  keptReleases(): Promise<readonly string[]>;
  removeRelease(id: string): Promise<void>;
}

const keyName = /^app-([1-9][0-9]{0,14})\.pem$/;

/** `folder`: of this stack, below `.entropy`, which git ignores and only its owner may read. */
export function openDeploymentFiles(folder: string, settingsFile: string): DeploymentFiles {
  const record = join(folder, 'deployment.json');
  const releases = join(folder, 'releases');
  const keyFile = (appId: number): string => join(folder, `app-${appId}.pem`);
  return {
    settingsFile,
    load: async () => {
      const text = await textOf(record);
      return text === undefined ? undefined : readDeployment(text, record);
    },
    save: async (deployment) => {
      await ownFolder(folder);
      await replaceFile(record, `${JSON.stringify(deployment, null, 2)}\n`, { mode: 0o600 });
    },
    waitingKey: async () => {
      for (const name of await namesIn(folder)) {
        const appId = Number(keyName.exec(name)?.[1]);
        const pem = Number.isSafeInteger(appId) ? await textOf(keyFile(appId)) : undefined;
        if (pem !== undefined) return { appId, pem };
      }
      return undefined;
    },
    keepKey: async (appId, pem) => {
      await ownFolder(folder);
      // The only copy there is: on the disk itself, before anybody is told that it is kept.
      await replaceFile(keyFile(appId), pem, { mode: 0o600, flush: true });
    },
    removeKey: async (appId) => {
      const file = keyFile(appId);
      const text = await textOf(file);
      if (text === undefined) return;
      await writing(file, () => writeFile(file, '0'.repeat(text.length), { flag: 'r+' }));
      await rm(file, { force: true });
    },
    readSettings: async () => {
      const text = await textOf(settingsFile);
      return text === undefined ? undefined : settingsIn(text, settingsFile);
    },
    writeSettings: (settings) => replaceFile(settingsFile, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o644 }),
    releaseFolder: (id) => join(releases, id),
    keptReleases: () => namesIn(releases),
    removeRelease: (id) => rm(join(releases, id), { recursive: true, force: true }),
  };
}

async function ownFolder(folder: string): Promise<void> {
  await writing(folder, async () => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chmod(folder, 0o700);
  });
}

/** Whole or not at all: written beside its place, then moved. */
async function replaceFile(
  file: string,
  text: string,
  options: { readonly mode: number; readonly flush?: boolean },
): Promise<void> {
  const beside = `${file}.${process.pid}.new`;
  await writing(file, async () => {
    await mkdir(dirname(file), { recursive: true });
    await rm(beside, { force: true });
    await writeFile(beside, text, { ...options, flag: 'wx' });
    await rename(beside, file);
  });
}

async function writing(file: string, work: () => Promise<void>): Promise<void> {
  await work().catch((cause: unknown) => {
    throw new EntropyError({ code: 'E104', message: `cannot write ${file}`, fix: 'make the place writable', cause });
  });
}

async function textOf(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw new EntropyError({ code: 'E102', message: `cannot read ${file}`, fix: 'make it readable for you', cause });
  });
}

async function namesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.sort();
}

function settingsIn(text: string, file: string): Readonly<Record<string, unknown>> {
  const found = jsonIn(text);
  if (typeof found === 'object' && found !== null && !Array.isArray(found)) return { ...found };
  throw new EntropyError({
    code: 'E101',
    message: `${file} holds no JSON object`,
    fix: 'mend it; docs/aws.md lists every setting',
  });
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
