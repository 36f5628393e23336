import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  advanceChangeSet,
  type ChangeSetEvent,
  dutiesOf,
  isAtRest,
  openedChangeSet,
} from '../../../../src/domain/change-set/advance.ts';
import { type AskedMember, type ChangeSet, mayMerge, memberOf } from '../../../../src/domain/change-set/change-set.ts';
import { orderMembers } from '../../../../src/domain/change-set/order.ts';
import { changeSetText, parseChangeSet } from '../../../../src/domain/change-set/record-text.ts';

const headSha = 'a'.repeat(40);

function setOf(members: readonly AskedMember[]): ChangeSet {
  return openedChangeSet({
    ...{
      repository: 'octo/lib',
      issue: 12,
      askedBy: 'alice',
      seen: 'hash',
      openedAt: 1,
      command: 'fix',
      request: 'one',
    },
    members,
  });
}

const lib = { repository: 'octo/lib', dependsOn: [], begins: 'merged' } as const;
const app = { repository: 'octo/app', dependsOn: ['octo/lib'], begins: 'merged' } as const;
const pull = (repository: string, state: 'open' | 'closed' | 'merged'): ChangeSetEvent => ({
  ...{ kind: 'pull-request', repository, number: 7, headSha, state, draft: true },
});
const walk = (set: ChangeSet, ...events: readonly ChangeSetEvent[]) => events.reduce(advanceChangeSet, set);
const again = (members: readonly AskedMember[], askedBy = 'alice'): ChangeSetEvent => ({
  ...{ kind: 'asked-again', members, askedBy, seen: 'hash', command: 'fix', request: 'two' },
});
const statesOf = (set: ChangeSet) => set.members.map(({ state }) => state).join(' ');

describe('a set of two', () => {
  test('begins with the first; the second begins when the first is merged', () => {
    const begun = setOf([lib, app]);
    expect(statesOf(begun)).toBe('working waiting');
    const open = walk(begun, pull('octo/lib', 'open'));
    expect(statesOf(open)).toBe('in_review waiting');
    const merged = walk(open, pull('octo/lib', 'merged'));
    expect(statesOf(merged)).toBe('merged working');
    expect(walk(merged, pull('octo/app', 'merged'))).toMatchObject({ state: 'merged' });
  });

  test('written "with", the second begins with the pull request of the first and is released by its merge', () => {
    const both = walk(
      setOf([lib, { ...app, begins: 'in-review' }]),
      pull('octo/lib', 'open'),
      pull('octo/app', 'open'),
    );
    expect(statesOf(both)).toBe('in_review in_review');
    expect(dutiesOf(both).map(({ kind, member }) => [kind, member.repository])).toEqual([['release', 'octo/lib']]);
    expect(memberOf(walk(both, { kind: 'released', repository: 'octo/app' }), 'octo/app')?.released).toBeUndefined();
    const merged = walk(both, pull('octo/lib', 'merged'));
    expect(dutiesOf(merged).map(({ kind, member }) => [kind, member.repository])).toEqual([['release', 'octo/app']]);
    expect(dutiesOf(walk(merged, { kind: 'released', repository: 'octo/app' }))).toEqual([]);
  });

  test('is marked when the first fails, and nothing more begins until somebody asks again', () => {
    const failed = walk(setOf([lib, app]), { kind: 'run-failed', repository: 'octo/lib', why: 'tests fail' });
    expect(failed).toMatchObject({
      state: 'failed',
      members: [{ state: 'failed', why: 'tests fail' }, { state: 'waiting' }],
    });
    expect(isAtRest(failed)).toBe(true);
    const later = walk(failed, again([lib, app], 'bob'));
    expect(later).toMatchObject({
      state: 'going',
      askedBy: 'bob',
      members: [{ state: 'working', tries: 2 }, { tries: 0 }],
    });
  });

  test('of three begins nothing more once one failed, also where nothing else stands in the way', () => {
    const core = { ...lib, repository: 'octo/core' };
    const later = { ...app, dependsOn: ['octo/core'] };
    const failed = walk(setOf([lib, core, later]), { kind: 'run-failed', repository: 'octo/lib', why: 'tests fail' });
    expect(statesOf(walk(failed, pull('octo/core', 'merged')))).toBe('failed merged waiting');
  });

  test('is marked when a pull request is closed, and goes on when it is opened again', () => {
    const closed = walk(setOf([lib, app]), pull('octo/lib', 'open'), pull('octo/lib', 'closed'));
    expect(closed.state).toBe('failed');
    expect(walk(closed, pull('octo/lib', 'open')).state).toBe('going');
  });

  test('that was asked for again is not given up for the pull request of its first try', () => {
    const second = walk(setOf([lib, app]), pull('octo/lib', 'open'), pull('octo/lib', 'closed'), again([lib, app]));
    expect(statesOf(walk(second, pull('octo/lib', 'closed')))).toBe('working waiting');
  });

  test('tells of a merge that a person made too early', () => {
    const early = walk(
      setOf([lib, { ...app, begins: 'in-review' }]),
      pull('octo/lib', 'open'),
      pull('octo/app', 'merged'),
    );
    expect(memberOf(early, 'octo/app')).toMatchObject({ state: 'merged', early: true });
  });

  test('that is stopped begins nothing, and what is open may still be merged', () => {
    const stopped = walk(
      setOf([lib, app]),
      { kind: 'stopped', why: 'the issue was closed' },
      pull('octo/lib', 'merged'),
    );
    expect(statesOf(stopped)).toBe('merged waiting');
    expect(stopped.state).toBe('stopped');
    expect(dutiesOf(walk(setOf([lib]), { kind: 'stopped', why: 'the issue was closed' }))).toMatchObject([
      { kind: 'run' },
    ]);
  });

  test('that a person stops has the runs of its members stopped, once each, until somebody asks again', () => {
    const stopped = walk(setOf([lib, app]), { kind: 'stopped', why: 'asked', by: 'alice' });
    expect(dutiesOf(stopped).map(({ kind }) => kind)).toEqual(['run', 'stop']);
    const asked = walk(stopped, { kind: 'stop-asked', repository: 'octo/lib' });
    expect(dutiesOf(asked).map(({ kind }) => kind)).toEqual(['run']);
    const gone = walk(asked, { kind: 'run-failed', repository: 'octo/lib', why: 'cancelled' }, again([lib, app]));
    expect(gone.stoppedBy).toBeUndefined();
    expect(memberOf(gone, 'octo/lib')).toMatchObject({ state: 'working', tries: 2 });
    expect(memberOf(gone, 'octo/lib')).not.toHaveProperty('stopAsked');
  });

  test('keeps what GitHub refused in the row of that member until it is done', () => {
    const merged = walk(
      setOf([lib, { ...app, begins: 'in-review' }]),
      pull('octo/lib', 'open'),
      pull('octo/app', 'open'),
    );
    const stuck = walk(merged, pull('octo/lib', 'merged'), { kind: 'stuck', repository: 'octo/app', why: 'archived' });
    const seen = walk(stuck, pull('octo/app', 'open'));
    expect(memberOf(seen, 'octo/app')).toMatchObject({ state: 'in_review', why: 'archived' });
    expect(memberOf(walk(seen, { kind: 'released', repository: 'octo/app' }), 'octo/app')).not.toHaveProperty('why');
  });

  test('tells of a pull request that waits for others and is no draft', () => {
    const waits = walk(setOf([lib, { ...app, begins: 'in-review' }]), pull('octo/lib', 'open'));
    const open = {
      kind: 'pull-request',
      repository: 'octo/app',
      number: 7,
      headSha,
      state: 'open',
      draft: false,
    } as const;
    expect(memberOf(walk(waits, open), 'octo/app')).toMatchObject({ undrafted: true });
    expect(memberOf(walk(waits, open, pull('octo/lib', 'merged'), open), 'octo/app')).not.toHaveProperty('undrafted');
  });
});

/** A random acyclic set: each member may depend on those before it. */
const sets: fc.Arbitrary<readonly AskedMember[]> = fc.integer({ min: 1, max: 7 }).chain((size) =>
  fc.tuple(
    ...Array.from({ length: size }, (_, at) =>
      fc.record({
        repository: fc.constant(`octo/r${at}`),
        dependsOn: fc.subarray(Array.from({ length: at }, (_none, other) => `octo/r${other}`)),
        begins: fc.constantFrom('merged' as const, 'in-review' as const),
      }),
    ),
  ),
);

const names = fc.integer({ min: 0, max: 6 }).map((at) => `octo/r${at}`);
const events: fc.Arbitrary<Exclude<ChangeSetEvent, { readonly members: unknown }> | { readonly kind: 'asked-again' }> =
  fc.oneof(
    fc.record({ kind: fc.constant('issue-opened' as const), repository: names, issue: fc.integer({ min: 1, max: 9 }) }),
    fc.record({ kind: fc.constant('run-failed' as const), repository: names, why: fc.constant('why') }),
    fc.record({
      ...{ kind: fc.constant('pull-request' as const), repository: names, headSha: fc.constant(headSha) },
      ...{ number: fc.integer({ min: 1, max: 9 }), state: fc.constantFrom('open' as const, 'closed' as const) },
      draft: fc.boolean(),
    }),
    fc.record({ kind: fc.constant('released' as const), repository: names }),
    fc.constant({ kind: 'asked-again' } as const),
    fc.constant({ kind: 'stopped', why: 'closed' } as const),
    fc.constant({ kind: 'stopped', why: 'asked', by: 'alice' } as const),
    fc.record({ kind: fc.constant('stuck' as const), repository: names, why: fc.constant('refused') }),
    fc.record({ kind: fc.constant('stop-asked' as const), repository: names }),
  );

describe('whatever happens, in any order', () => {
  test('nothing is at work before what it depends on, and nothing may be merged before it is merged', () => {
    fc.assert(
      fc.property(sets, fc.array(events, { maxLength: 40 }), fc.infiniteStream(fc.nat()), (members, told, choices) => {
        let set = setOf(members);
        for (const event of told) {
          set = advanceChangeSet(set, event.kind === 'asked-again' ? again(members, 'bob') : event);
          // People merge what they are told that they may.
          const open = set.members.filter((member) => member.state === 'in_review' && mayMerge(set, member));
          const chosen = open[(choices.next().value ?? 0) % (open.length + 1)];
          if (chosen !== undefined) set = advanceChangeSet(set, pull(chosen.repository, 'merged'));
          for (const member of set.members) {
            const first = set.members.filter(({ repository }) => member.dependsOn.includes(repository));
            if (member.state === 'merged') expect(first.every(({ state }) => state === 'merged')).toBe(true);
            expect(member.early).toBeUndefined();
            if (member.released === true && member.state === 'in_review') expect(mayMerge(set, member)).toBe(true);
          }
          for (const { kind, member } of dutiesOf(set))
            if (kind === 'release') expect(mayMerge(set, member)).toBe(true);
          expect(parseChangeSet(changeSetText(set), { repository: 'octo/lib', issue: 12 })).toEqual(set);
        }
      }),
    );
  });

  test('it ends: every run ends, every pull request is merged or closed, and then nothing is left to do', () => {
    fc.assert(
      fc.property(sets, fc.array(fc.nat({ max: 9 }), { maxLength: 60 }), (members, fates) => {
        let set = setOf(members);
        const left = [...fates];
        for (let turn = 0; turn < 4 * members.length + 1; turn += 1) {
          if (isAtRest(set)) break;
          for (const { kind, member } of dutiesOf(set)) {
            const { repository } = member;
            const fate = left.pop() ?? 0;
            if (kind === 'release') set = advanceChangeSet(set, { kind: 'released', repository });
            else if (fate === 1) set = advanceChangeSet(set, { kind: 'run-failed', repository, why: 'it failed' });
            else set = advanceChangeSet(set, pull(repository, 'open'));
          }
          for (const member of set.members) {
            if (member.state !== 'in_review') continue;
            // Of a set that failed people close what is left.
            if (!mayMerge(set, member) && set.state === 'going') continue;
            const isClosed = set.state === 'failed' || (left.pop() ?? 0) === 2;
            set = advanceChangeSet(set, pull(member.repository, isClosed ? 'closed' : 'merged'));
          }
        }
        expect(isAtRest(set)).toBe(true);
        if (set.state === 'merged') expect(statesOf(set)).toMatch(/^merged( merged)*$/);
      }),
    );
  });
});

test('a cycle is told with its path, wherever it is', () => {
  fc.assert(
    fc.property(sets, fc.nat(), (members, at) => {
      const last = members.at(-1);
      const first = members[at % members.length];
      if (last === undefined || first === undefined) return;
      expect(orderMembers(members)).toMatchObject({ kind: 'ordered' });
      const closed = members.map((member) =>
        member === first ? { ...member, dependsOn: [...member.dependsOn, last.repository] } : member,
      );
      const ordered = orderMembers(closed);
      if (ordered.kind === 'ordered') {
        const place = (name: string) => ordered.members.findIndex(({ repository }) => repository === name);
        for (const { repository, dependsOn } of ordered.members) {
          for (const name of dependsOn) expect(place(name)).toBeLessThan(place(repository));
        }
        return;
      }
      const { path } = ordered;
      expect(path[0]).toBe(path.at(-1));
      for (const [step, name] of path.slice(0, -1).entries()) {
        expect(closed.find(({ repository }) => repository === name)?.dependsOn).toContain(path[step + 1]);
      }
    }),
  );
});

test.each([
  ['nothing', ''],
  ['a list', '[]'],
  ['another issue', changeSetText({ ...setOf([lib]), issue: 13 })],
  ['another repository', changeSetText({ ...setOf([lib]), repository: 'evil/lib' })],
  [
    'a cycle',
    changeSetText({ ...setOf([lib]), members: [{ ...app, dependsOn: ['octo/app'], state: 'waiting', tries: 0 }] }),
  ],
  ['two of one name', changeSetText({ ...setOf([lib]), members: [...setOf([lib]).members, ...setOf([lib]).members] })],
  ['no member', changeSetText({ ...setOf([lib]), members: [] })],
  ['what is no repository', changeSetText(setOf([{ ...lib, repository: '../..' }]))],
])('a record of %s is none', (_name, written) => {
  expect(parseChangeSet(written, { repository: 'octo/lib', issue: 12 })).toBeUndefined();
});
