import { createHash } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export const sumsFile = 'SHA256SUMS';

/** Relative paths of all files, in an order that no locale changes. */
export function filesOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort((a, b) => (a < b ? -1 : 1));
}

export function sha256(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

/** The file as it would be when nobody's umask had a say. */
export function withPlainMode(file: string): void {
  chmodSync(file, 0o644);
}

/** Lines as `sha256sum --check` reads them, of all files but this one. */
export function writeSums(folder: string): void {
  const lines = filesOf(folder)
    .filter((file) => file !== sumsFile)
    .map((file) => `${sha256(path.join(folder, file))}  ${file}`);
  writeFileSync(path.join(folder, sumsFile), `${lines.join('\n')}\n`);
}

/** Why a folder is not what its sums say, a sentence each: files that differ, that are missing, that nobody listed. */
export function sumProblems(folder: string): readonly string[] {
  const listed = new Map(
    readFileSync(path.join(folder, sumsFile), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => [line.slice(66), line.slice(0, 64)] as const),
  );
  const there = filesOf(folder).filter((file) => file !== sumsFile);
  return [
    ...there.filter((file) => !listed.has(file)).map((file) => `${file} is not in ${sumsFile}`),
    ...[...listed.keys()].filter((file) => !there.includes(file)).map((file) => `${file} is missing`),
    ...there
      .filter((file) => listed.has(file) && listed.get(file) !== sha256(path.join(folder, file)))
      .map((file) => `${file} has other bytes than ${sumsFile} says`),
  ];
}
