import { issueClaimKey } from '../../../src/domain/claim.ts';
import { EntropyError } from '../../../src/domain/error.ts';
import type { CommentSnapshot, IssueSnapshot } from '../../../src/domain/issue.ts';
import { defaultSettings, type Settings } from '../../../src/domain/settings.ts';
import type { EventPull, TriggerEvent } from '../../../src/domain/trigger-event.ts';
import { admitEvent } from '../../../src/flows/admit-event.ts';
import type { Admission, Gate } from '../../../src/flows/gate.ts';
import type { PullRequestInfo } from '../../../src/ports/forge.ts';
import { FakeForge } from '../../fakes/fake-forge.ts';
import { memoryClaimStore } from '../../fakes/memory-claim-store.ts';
import { simulatedClock } from '../../fakes/simulated-clock.ts';

export interface PullSeed extends Partial<Pick<PullRequestInfo, 'state' | 'merged' | 'draft' | 'fromFork'>> {
  readonly branch: string;
  readonly files?: Readonly<Record<string, string>>;
}

export interface GateFixtureOptions {
  readonly settings?: Partial<Settings>;
  readonly files?: Readonly<Record<string, string>>;
  readonly issue?: Partial<Omit<IssueSnapshot, 'comments'>>;
}

/** A repository with issue #1, alice who may do all, bob who may write, carol who may only read. */
export function gateFixture(options: GateFixtureOptions = {}) {
  const clock = simulatedClock(Date.UTC(2026, 10, 2, 14, 2, 0));
  const forge = new FakeForge({
    permissions: { alice: 'admin', bob: 'write', carol: 'read', mallory: 'none', tess: 'triage', mike: 'maintain' },
    files: { 'README.md': '# slug\n', ...options.files },
  });
  forge.seedIssue({ number: 1, ...options.issue });
  const claims = memoryClaimStore(clock);
  const log: string[] = [];
  let ids = 0;
  const gate: Gate = {
    forge,
    claims,
    clock,
    newId: () => {
      ids += 1;
      return `01JD${String(ids).padStart(22, '0')}`;
    },
    log: (line) => log.push(line),
    // The form of the file is of no interest here: JSON will do.
    settingsFrom: async (file, where) => {
      const text = file === undefined ? '{}' : new TextDecoder().decode(file);
      try {
        return { ...defaultSettings, ...JSON.parse(text), ...options.settings };
      } catch (cause) {
        throw new EntropyError({ code: 'E101', message: `${where}:1 is not JSON`, fix: 'write JSON', cause });
      }
    },
    version: '0.1.0',
    workflowRun: { id: 77, attempt: 1, url: 'https://github.example.test/octo/slug/actions/runs/77' },
  };
  forge.runs.set(77, { id: 77, attempt: 1, status: 'in_progress', conclusion: null });

  const issueInEvent = (number = 1) => {
    const issue = forge.issues.get(number);
    if (issue === undefined) throw new Error(`no issue #${number}`);
    return { ...issue, updatedAt: issue.updatedAt };
  };
  const pullInEvent = (number: number): EventPull => {
    const pull = forge.pulls.find((each) => each.number === number);
    if (pull === undefined) throw new Error(`no pull request #${number}`);
    const headSha = forge.git.branches.get(pull.headBranch) ?? pull.headSha;
    return { ...issueInEvent(number), isPullRequest: true, headSha, draft: pull.draft };
  };
  const admit = (event: TriggerEvent, as: Gate = gate): Promise<Admission> =>
    admitEvent(as, event, new AbortController().signal);

  return {
    forge,
    claims,
    clock,
    gate,
    log,
    key: issueClaimKey('octo', 'slug', 1),
    admit,
    /** The event of a comment that somebody has just written. */
    commentEvent: (body: string, login: string, number = 1): TriggerEvent & { kind: 'comment' } => {
      const comment = forge.seedComment(number, body, login);
      const kind = login.endsWith('[bot]') ? 'bot' : 'user';
      return { kind: 'comment', issue: issueInEvent(number), comment, sender: { login, kind } };
    },
    issueInEvent,
    pullInEvent,
    /** A pull request to main, which GitHub shows as an issue as well. Its number. */
    openPull: ({ branch, files, fromFork = false, ...more }: PullSeed): number => {
      const main = forge.git.branches.get('main') ?? '';
      const { treeSha } = forge.git.commit(main);
      const entries = Object.entries({ 'src/word.ts': `${branch}\n`, ...files }).map(
        ([path, content]) => ({ kind: 'text', path, mode: '100644', content }) as const,
      );
      const tree = forge.git.layOver(treeSha, entries);
      const { sha } = forge.git.addCommit({ message: 'Change a word', treeSha: tree, parents: [main] });
      if (!fromFork) forge.git.branches.set(branch, sha);
      const number = forge.seedIssue({ title: 'Change a word', body: 'As asked.', isPullRequest: true, author: 'pat' });
      forge.pulls.push({
        ...{ number, url: `https://github.example.test/octo/slug/pull/${number}`, state: 'open', merged: false },
        ...{ draft: false, title: 'Change a word', body: 'As asked.', headBranch: branch, headSha: sha },
        ...{ baseBranch: 'main', author: 'pat', createdAt: '2026-11-01T10:00:00Z', fromFork, mergeable: 'yes' },
        ...more,
      });
      return number;
    },
    labelEvent: (label: string, login: string): TriggerEvent => ({
      kind: 'label',
      issue: issueInEvent(),
      label,
      sender: { login, kind: 'user' },
    }),
    /** What the gate wrote, markers cut off. */
    written: (): string[] =>
      forge.allComments
        .filter(({ snapshot }) => snapshot.author === forge.login)
        .map(({ snapshot }) => snapshot.body.slice(snapshot.body.indexOf('\n') + 1).trim()),
    change: (comment: CommentSnapshot, change: Partial<CommentSnapshot>): void => {
      const row = forge.allComments.find(({ snapshot }) => snapshot.id === comment.id);
      if (row !== undefined) row.snapshot = { ...row.snapshot, ...change };
    },
  };
}

export type GateFixture = ReturnType<typeof gateFixture>;
