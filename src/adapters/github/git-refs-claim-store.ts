import { createHash } from 'node:crypto';
import {
  type ClaimKey,
  type ClaimRecord,
  clockSkewMs,
  decideAcquire,
  isCurrent,
  issueClaimKey,
  type Lease,
  leaseOf,
  released,
} from '../../domain/claim.ts';
import { parseClaimRecord } from '../../domain/claim-record.ts';
import { EntropyError } from '../../domain/error.ts';
import type { RepositoryRef } from '../../domain/repository.ts';
import type { AcquireOptions, ClaimFilter, ClaimStore } from '../../ports/claim-store.ts';
import { readRef } from './answers.ts';
import type { GitHubApi } from './api.ts';
import { objectIn, textIn } from './json-reader.ts';
import { createRef, readRefHead, updateRef } from './refs.ts';

export interface GitRefsClaimStoreOptions {
  readonly api: GitHubApi;
  /** A new, never repeated name for each call. */
  readonly newId: () => string;
}

/** A claim as it lies in the repository: the newest commit of its ref, with the record in its message. */
interface StoredClaim {
  readonly commitSha: string;
  readonly treeSha: string;
  readonly record: ClaimRecord;
}

const maxRaces = 10;

/**
 * Claims without any infrastructure: `refs/agents/claims/<issue>` points at a commit that carries the record; every
 * change is a new commit on top. GitHub creates a ref once and fast-forwards it for one of two rivals, which makes a
 * change atomic. Each commit is unique (the same commit pushed by two rivals would "win" twice), and the ref is never
 * deleted (the fence would begin anew). The fence is cooperative: whoever holds a token with `contents: write` can
 * force the ref, so it guards against accidents and races, not against a writer who means harm.
 */
export function createGitRefsClaimStore({ api, newId }: GitRefsClaimStoreOptions): ClaimStore {
  const { clock } = api;

  const load = async (key: ClaimKey): Promise<StoredClaim | undefined> => {
    const ref = claimRef(key, api.repository);
    const commitSha = await readRefHead(api, ref, `read the claim refs/${ref}`);
    return commitSha === undefined ? undefined : loadAt({ ref: `refs/${ref}`, sha: commitSha });
  };

  const loadAt = async ({ ref, sha: commitSha }: { ref: string; sha: string }): Promise<StoredClaim> => {
    const answer = await api.send({
      route: 'GET /repos/{owner}/{repo}/git/commits/{commit_sha}',
      params: { commit_sha: commitSha },
      purpose: `read the claim ${ref}`,
    });
    const commit = objectIn(answer.data, 'commit');
    const record = readMessage(textIn(commit, 'message'));
    if (record === undefined) throw unreadable(ref.replace(/^refs\//, ''));
    return { commitSha, treeSha: textIn(objectIn(commit['tree'], 'tree'), 'sha'), record };
  };

  /** Puts a record on top of what was loaded; false when somebody else was faster. */
  const store = async (current: StoredClaim | undefined, key: ClaimKey, record: ClaimRecord): Promise<boolean> => {
    const ref = claimRef(key, api.repository);
    const purpose = `write the claim refs/${ref}`;
    const treeSha = current?.treeSha ?? (await noteTree(api, purpose));
    const answer = await api.send({
      route: 'POST /repos/{owner}/{repo}/git/commits',
      params: {
        message: writeMessage(record, newId()),
        tree: treeSha,
        parents: current === undefined ? [] : [current.commitSha],
      },
      purpose,
    });
    const sha = textIn(objectIn(answer.data, 'commit'), 'sha');
    if (current === undefined) return (await createRef(api, { ref, sha, purpose })) === 'created';
    return (await updateRef(api, { ref, sha, purpose })) === 'updated';
  };

  /** Changes the record while the lease still is the current one. */
  const change = async (lease: Lease, next: (record: ClaimRecord) => ClaimRecord): Promise<ClaimRecord | undefined> => {
    for (let race = 1; race <= maxRaces; race += 1) {
      const current = await load(lease.key);
      if (current === undefined || !isCurrent(current.record, lease)) return undefined;
      const record = next(current.record);
      if (await store(current, lease.key, record)) return record;
    }
    throw contended(lease.key);
  };

  return {
    acquire: async (options) => {
      for (let race = 1; race <= maxRaces; race += 1) {
        const current = await load(options.key);
        const holderIsDead = await askAboutHolder(current?.record, options, clock.now());
        const { key, holder, leaseId, ttlMs } = options;
        const request = { key, holder, leaseId, ttlMs, now: clock.now(), holderIsDead };
        const decision = decideAcquire(current?.record, request);
        switch (decision.kind) {
          case 'refused':
            return { kind: 'refused', record: decision.record };
          case 'already-mine':
            return { kind: 'granted', lease: leaseOf(decision.record) };
          case 'granted': {
            const won = await store(current, options.key, decision.record);
            const { record, stolenFrom } = decision;
            if (won) return { kind: 'granted', lease: leaseOf(record), ...(stolenFrom && { stolenFrom }) };
            break;
          }
          default:
            return decision satisfies never;
        }
      }
      throw contended(options.key);
    },

    renew: async (lease, ttlMs) => {
      const record = await change(lease, (held) => ({ ...held, expiresAt: clock.now() + ttlMs, ttlMs }));
      return record === undefined ? undefined : leaseOf(record);
    },

    release: async (lease) => {
      if ((await change(lease, released)) !== undefined) return { kind: 'released' };
      const record = (await load(lease.key))?.record;
      const earlier = record?.state === 'free' && record.leaseId === lease.leaseId && record.fence === lease.fence;
      if (earlier) return { kind: 'already-released' };
      return record === undefined ? { kind: 'not-mine' } : { kind: 'not-mine', record };
    },

    takeOver: async ({ key, holder, leaseId, ttlMs, expectedFence }) => {
      for (let race = 1; race <= maxRaces; race += 1) {
        const current = await load(key);
        const before = current?.record;
        const mine = before?.state === 'held' && before.leaseId === leaseId;
        if (before !== undefined && mine) return { kind: 'granted', lease: leaseOf(before) };
        const moved = before !== undefined && expectedFence !== undefined && before.fence !== expectedFence;
        if (moved) return { kind: 'refused', record: before };
        const now = clock.now();
        const fence = (before?.fence ?? 0) + 1;
        const times = { acquiredAt: now, expiresAt: now + ttlMs, ttlMs };
        const record: ClaimRecord = { schema: 1, key, state: 'held', holder, leaseId, fence, ...times };
        if (!(await store(current, key, record))) continue;
        const takenFrom = before?.state === 'held' ? before : undefined;
        return { kind: 'granted', lease: leaseOf(record), ...(takenFrom && { takenFrom }) };
      }
      throw contended(key);
    },

    beginEffect: async (lease) => {
      const record = (await load(lease.key))?.record;
      if (isCurrent(record, lease)) return { kind: 'may-act', before: 'unknown' };
      return record === undefined ? { kind: 'stale' } : { kind: 'stale', record };
    },

    list: async function* (filter) {
      const answer = await api.list({
        route: 'GET /repos/{owner}/{repo}/git/matching-refs/{ref}',
        params: { ref: 'agents/claims/' },
        purpose: 'list the claims',
      });
      const records: ClaimRecord[] = [];
      for (const entry of answer) records.push((await loadAt(readRef(entry))).record);
      records.sort((a, b) => (a.key < b.key ? -1 : 1));
      for (const record of records) if (matches(record, filter)) yield record;
    },

    read: async (key) => (await load(key))?.record,
  };
}

function matches(record: ClaimRecord, { state, kind, prefix, expiredAt }: ClaimFilter): boolean {
  if (state !== undefined && record.state !== state) return false;
  if (kind !== undefined && record.holder.kind !== kind) return false;
  if (prefix !== undefined && !record.key.startsWith(prefix)) return false;
  if (expiredAt === undefined) return true;
  const byAgent = record.state === 'held' && record.holder.kind === 'agent';
  return byAgent && record.expiresAt + clockSkewMs < expiredAt;
}

/** GitHub is only asked about a run when its answer can matter. */
async function askAboutHolder(record: ClaimRecord | undefined, options: AcquireOptions, now: number): Promise<boolean> {
  if (record === undefined || record.state === 'free') return false;
  const mine = record.leaseId === options.leaseId;
  const byPerson = record.holder.kind === 'human';
  const expired = record.expiresAt + clockSkewMs < now;
  if (mine || byPerson || expired || record.holder.workflowRun === undefined) return false;
  return options.holderIsDead(record);
}

/** `agents/claims/42` for an issue of this very repository, whatever its name by now; a hash for any other key. */
export function claimRef(key: ClaimKey, repository: RepositoryRef): string {
  const number = /\/issues\/([1-9][0-9]{0,9})$/.exec(key)?.[1];
  const ours = number !== undefined && key === issueClaimKey(repository.owner, repository.name, Number(number));
  return `agents/claims/${ours ? number : createHash('sha256').update(key).digest('hex').slice(0, 32)}`;
}

/** A commit needs a tree; this one explains the ref to whoever finds it. */
async function noteTree(api: GitHubApi, purpose: string): Promise<string> {
  const content =
    'Claims of entropy-playground: who works on which issue.\nEach commit message holds one record. Never delete or force this ref.\n';
  const answer = await api.send({
    route: 'POST /repos/{owner}/{repo}/git/trees',
    params: { tree: [{ path: 'README.md', mode: '100644', type: 'blob', content }] },
    purpose,
  });
  return textIn(objectIn(answer.data, 'tree'), 'sha');
}

const recordLine = 'record: ';

function writeMessage(record: ClaimRecord, nonce: string): string {
  const subject = `claim ${record.key}: ${record.state}, fence ${record.fence}`;
  return `${subject}\n\n${recordLine}${JSON.stringify(record)}\nnonce: ${nonce}\n`;
}

function readMessage(message: string): ClaimRecord | undefined {
  const line = message.split('\n').find((candidate) => candidate.startsWith(recordLine));
  if (line === undefined) return undefined;
  try {
    return parseClaimRecord(JSON.parse(line.slice(recordLine.length)));
  } catch {
    // Not JSON: not a record. The caller raises E701 with the name of the ref.
    return undefined;
  }
}

function unreadable(ref: string): EntropyError {
  return new EntropyError({
    code: 'E701',
    message: `the claim in refs/${ref} cannot be read`,
    why: 'the newest commit of this ref was not written by entropy-playground, so nobody can tell who holds the issue',
    fix: `find the last good commit (git fetch origin refs/${ref} && git log FETCH_HEAD) and push it: git push --force origin SHA:refs/${ref}`,
  });
}

function contended(key: ClaimKey): EntropyError {
  return new EntropyError({
    code: 'E700',
    message: `the claim ${key} changed hands ${maxRaces} times while it was asked for`,
    fix: 'try again in a minute',
    retryable: true,
  });
}
