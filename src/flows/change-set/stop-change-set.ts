import { advanceChangeSet, isAtRest } from '../../domain/change-set/advance.ts';
import { asCodeSpan } from '../../domain/outgoing-text.ts';
import type { Gate, PermittedRequest } from '../gate.ts';

/** Somebody else changes it at the same moment. */
const maxTries = 5;

/**
 * `stop` on the issue that asked for a change in several repositories: nothing of it begins any more, and whoever dispatches stops
 * the runs of its members. `none`: there is no such set, or nothing of it is at work.
 */
export async function stopChangeSet(gate: Gate, request: PermittedRequest): Promise<'stopped' | 'none'> {
  const { issueNumber, isPullRequest, sender } = request;
  if (gate.changeSets === undefined || isPullRequest === true) return 'none';
  const { sets } = gate.changeSets.connect(gate.forge.repository);
  for (let tries = 0; tries < maxTries; tries += 1) {
    const stored = await sets.read(issueNumber);
    if (stored === undefined || isAtRest(stored.record)) return 'none';
    // The very same request again: whoever heard it first died over it.
    if (stored.record.stoppedBy === sender.login) return 'stopped';
    const why = `${asCodeSpan(`@${sender.login}`, 60)} asked for it`;
    const record = advanceChangeSet(stored.record, { kind: 'stopped', why, by: sender.login });
    if ((await sets.swap(issueNumber, { seen: stored.id, record })).kind === 'stored') return 'stopped';
  }
  return 'none';
}
