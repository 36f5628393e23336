/**
 * Judges package.json and package-lock.json: exact versions, every package by its checksum and from the registry, no script that an
 * installation would run but those that are known. Part of `npm run check`.
 */
import { readFileSync } from 'node:fs';
import { lockedProblems, lockProblems } from './lock-rules.ts';

/** Releases that a figure merges; nothing of ours runs with them. */
const releases = 'tests/bench/conflicts/releases/package-lock.json';
const [manifest, lock, runtime, released] = [
  'package.json',
  'package-lock.json',
  'scripts/node-runtime.json',
  releases,
].map((file) => JSON.parse(readFileSync(file, 'utf8')));
const problems = [...lockProblems({ manifest, lock, runtime }), ...lockedProblems(releases, released)];
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
