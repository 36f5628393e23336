/**
 * Judges package.json and package-lock.json: exact versions, every package by its checksum and from the registry, no script that an
 * installation would run but those that are known. Part of `npm run check`.
 */
import { readFileSync } from 'node:fs';
import { lockProblems } from './lock-rules.ts';

const [manifest, lock, runtime] = ['package.json', 'package-lock.json', 'scripts/node-runtime.json'].map((file) =>
  JSON.parse(readFileSync(file, 'utf8')),
);
const problems = lockProblems({ manifest, lock, runtime });
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
