import type { ActivityEvent } from '../../../src/domain/coordination/activity.ts';
import { requestNames } from '../../../src/domain/dispatch/request-names.ts';
import { parseMarkers } from '../../../src/domain/markers.ts';
import { type AskedIssue, isOurs } from './judge-answers.ts';
import type { SentDelivery } from './webhook-gateway.ts';

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const momentLength = 10;
/** Work that was given up and asked for anew is called by the next millisecond; more often than this nobody asks anew. */
const mostGivenUp = 100;

/**
 * Every try at a request calls its run and its lease the same: by the moment in which its first message came. Whoever names them
 * anew does not find what a try before it left, and what that comes to may look like any other refusal. So every name that was
 * ever written is compared: of claims, also of those that came to nothing, of runs, and in comments.
 */
export function judgeNames(
  sent: Iterable<Pick<SentDelivery, 'sha256'>>,
  { events, issues }: { readonly events: readonly ActivityEvent[]; readonly issues: readonly AskedIssue[] },
): readonly string[] {
  const moments = momentsBySuffix([...namesInEvents(events), ...issues.flatMap(namesInComments)]);
  const problems: string[] = [];
  for (const { sha256 } of sent) {
    const { runId, leaseId } = requestNames({ receivedAt: 0, bodySha256: sha256 }, 0);
    const found = [runId, leaseId].flatMap((name) => [...(moments.get(name.slice(momentLength)) ?? [])]);
    const spread = found.length === 0 ? 0 : Math.max(...found) - Math.min(...found);
    if (spread > mostGivenUp)
      problems.push(`${runId.slice(momentLength)}: was called by ${new Set(found).size} moments`);
  }
  return problems;
}

function* namesInEvents(events: readonly ActivityEvent[]): Iterable<string> {
  for (const { change } of events) {
    if (change.type === 'run.opened') yield* [change.run.id, change.run.leaseId];
    if ('claim' in change && typeof change.claim === 'object') yield* [change.claim.holder.runId, change.claim.leaseId];
  }
}

function namesInComments({ comments }: AskedIssue): readonly string[] {
  return comments
    .filter(({ user }) => isOurs(user.login))
    .flatMap(({ body }) => parseMarkers(body.split('\n', 1)[0] ?? '').slice(0, 1))
    .flatMap(({ run, op }) => [run, op.slice(op.lastIndexOf('-') + 1).toUpperCase()]);
}

function momentsBySuffix(names: readonly string[]): ReadonlyMap<string, ReadonlySet<number>> {
  const moments = new Map<string, Set<number>>();
  for (const name of names) {
    if (!/^[0-9A-HJKMNP-TV-Z]{26}$/.test(name)) continue;
    const suffix = name.slice(momentLength);
    const known = moments.get(suffix) ?? new Set();
    moments.set(suffix, known.add(momentOf(name)));
  }
  return moments;
}

function momentOf(name: string): number {
  return [...name.slice(0, momentLength)].reduce((sum, letter) => sum * 32 + crockford.indexOf(letter), 0);
}
