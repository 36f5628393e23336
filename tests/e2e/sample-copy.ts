import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type RealRepository, realRepository } from '../fakes/real-repository.ts';
import { packageRoot, sampleFolder } from './stage.ts';

export const sampleScript = path.join(packageRoot, 'examples/slug-fix.script.yaml');
export const sampleIssue = path.join(packageRoot, 'examples/slug-issue.md');

/** The sample as a git repository of somebody's own, with one commit. */
export function sampleCopy(): RealRepository {
  const names = readdirSync(sampleFolder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = names.map((entry) => path.relative(sampleFolder, path.join(entry.parentPath, entry.name)));
  return realRepository(Object.fromEntries(files.map((name) => [name, readFileSync(path.join(sampleFolder, name))])));
}
