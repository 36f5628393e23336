import { createHash } from 'node:crypto';
import { type Plan, planText } from '../domain/held/plan.ts';

/** SHA-256 over everything that would be published; what a person names when they approve it. */
export function planHash(plan: Plan): string {
  return createHash('sha256').update(planText(plan)).digest('hex');
}

/** Of a comment as GitHub keeps it: line ends and blanks around it are not its text. */
export function commentDigest(body: string): string {
  return createHash('sha256').update(body.replaceAll('\r\n', '\n').trim()).digest('hex');
}
