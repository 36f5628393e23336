import { createHash } from 'node:crypto';
import type { IssueSnapshot } from '../domain/issue.ts';

/** SHA-256 of what a person read when they asked. */
export function seenDigest({ title, body }: Pick<IssueSnapshot, 'title' | 'body'>): string {
  return createHash('sha256')
    .update(JSON.stringify([title, body.replaceAll('\r\n', '\n')]))
    .digest('hex');
}
