import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { AuthorError } from '../refusal.ts';
import { findFiles } from './find-files.ts';

/**
 * `hashFiles('**\/package-lock.json', …)`: SHA-256 over the SHA-256 of each file, empty when nothing matches. Files are
 * taken in sorted order; only files of the workspace count.
 */
export function hashFiles(args: readonly string[], workspace: string, home: string): string {
  const [first = '', ...rest] = args;
  const hasOption = first.startsWith('--');
  if (hasOption && first.toLowerCase() !== '--follow-symbolic-links') {
    throw new AuthorError(`hashFiles has no option ${first}; it knows --follow-symbolic-links`);
  }
  const patterns = (hasOption ? rest : args).flatMap((arg) => arg.split('\n'));
  const symbolicLinks = hasOption ? 'followed' : 'left-out';
  const { files } = findFiles({ patterns, cwd: workspace, home, hiddenFiles: 'included', symbolicLinks });
  const inside = files.filter((file) => file.startsWith(`${workspace}/`));
  if (inside.length === 0) return '';
  const whole = createHash('sha256');
  for (const file of inside) whole.update(createHash('sha256').update(readFileSync(file)).digest());
  return whole.digest('hex');
}
