import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Finding } from '../../../../src/domain/reports/finding.ts';
import { isConverged, reviewEvent, roundsLeft } from '../../../../src/domain/review/convergence.ts';
import { fingerprintOf } from '../../../../src/domain/review/fingerprint.ts';
import { ReviewRounds } from '../../../fakes/review-rounds.ts';

const code = [
  'const a = first();',
  'const b = second();',
  'return a + b;',
  'throw new Error();',
  'done();',
  'export {};',
];
const fileOf = (before: readonly string[] = []) => {
  const lines = [...before, ...code];
  const patch = [`@@ -0,0 +1,${lines.length} @@`, ...lines.map((line) => `+${line}`)].join('\n');
  return [{ path: 'src/a.ts', previousPath: undefined, patch }];
};
const files = fileOf();
const finding = (line: number, title: string, differing: Partial<Finding> = {}): Finding => ({
  ...{ path: 'src/a.ts', line, severity: 'major', category: 'correctness', title, body: `Because of ${title}.` },
  ...differing,
});
const nameOf = (line: number, title: string): string =>
  fingerprintOf({ path: 'src/a.ts', category: 'correctness', title }, code[line - 1] ?? '');
const none = { findings: [], earlier: [] };
const first = finding(1, 'The result of first is never checked');
const firstName = nameOf(1, first.title);
const firstFixed = { fingerprint: firstName, standing: 'fixed', why: 'It is checked now.' } as const;

describe('rounds of review', () => {
  test('tell a finding once, however often the reviewer repeats it, in which words, and wherever its line has gone', () => {
    const rounds = new ReviewRounds();
    expect(rounds.review({ files, findings: [first], earlier: [] }).post).toHaveLength(1);
    const moved = fileOf(['// a', '// b']);
    const again = [
      finding(3, first.title),
      finding(3, 'the RESULT of `first()` is never checked', { body: 'Other words.' }),
      finding(3, 'Result of first is not checked anywhere'),
    ];
    for (const told of again) {
      const [comment] = rounds.comments;
      if (comment !== undefined) comment.line = 3;
      const merged = rounds.review({ files: moved, findings: [told], earlier: [] });
      expect([merged.post, merged.repeated.length]).toEqual([[], 1]);
    }
    expect(rounds.threads).toHaveLength(1);
  });

  test('tell two of one title at two places as two, and twice the same as one that names both lines', () => {
    const rounds = new ReviewRounds();
    const title = 'Nobody awaits this';
    const twins = [
      {
        path: 'src/a.ts',
        previousPath: undefined,
        patch: '@@ -0,0 +1,9 @@\n+x();\n+1\n+2\n+3\n+4\n+5\n+x();\n+6\n+y();',
      },
    ];
    const { post } = rounds.review({
      files: twins,
      findings: [1, 7, 9].map((line) => finding(line, title)),
      earlier: [],
    });
    expect(post.map(({ finding: { line }, alsoAt }) => [line, alsoAt])).toEqual([
      [1, [7]],
      [9, []],
    ]);
    expect(rounds.comments[0]?.body).toContain('The same at line 7.');
  });

  test('end the conversation of what was fixed, once, and open it again when it is back', () => {
    const rounds = new ReviewRounds();
    rounds.review({ files, findings: [first], earlier: [] });
    rounds.review({ files, findings: [], earlier: [firstFixed] });
    expect(rounds.threads).toMatchObject([{ resolved: true, endings: 1 }]);
    expect(rounds.known()).toMatchObject([{ standing: 'fixed' }]);
    rounds.review({ files, ...none });
    rounds.review({ files, findings: [], earlier: [firstFixed] });
    expect(rounds.threads).toMatchObject([{ resolved: true, endings: 1 }]);
    const back = rounds.review({ files, findings: [first], earlier: [] });
    expect([back.post.length, back.reopened.length]).toEqual([0, 1]);
    expect(rounds.threads).toMatchObject([{ resolved: false }]);
    expect(rounds.comments.at(-1)?.body).toContain('**Back again.**');
    expect(rounds.known()).toMatchObject([{ standing: 'open', round: 1 }]);
  });

  test('believe no "fixed" that is told again in the same breath', () => {
    const rounds = new ReviewRounds();
    rounds.review({ files, findings: [first], earlier: [] });
    const merged = rounds.review({ files, findings: [first], earlier: [firstFixed] });
    expect([merged.fixed, merged.repeated.length]).toEqual([[], 1]);
    expect(rounds.known()).toMatchObject([{ standing: 'open' }]);
  });

  test('keep the answer to what was refuted in its conversation, which ends; it never comes back, but by a person’s hand', () => {
    const rounds = new ReviewRounds();
    rounds.review({ files, findings: [first], earlier: [] });
    rounds.answer([{ fingerprint: firstName, answer: 'refuted', why: 'The caller checks it.' }]);
    expect(rounds.known()).toMatchObject([
      { standing: 'open', answer: { answer: 'refuted', why: 'The caller checks it.' } },
    ]);
    const refuted = { fingerprint: firstName, standing: 'refuted', why: 'So it does.' } as const;
    rounds.review({ files, findings: [], earlier: [refuted] });
    for (const earlier of [[], [{ ...refuted, standing: 'open' as const }], [firstFixed]]) {
      expect(rounds.review({ files, findings: [first], earlier }).post).toEqual([]);
      expect(rounds.known()).toMatchObject([{ standing: 'refuted', answer: { why: 'The caller checks it.' } }]);
    }
    expect(rounds.threads).toMatchObject([{ resolved: true, endings: 1 }]);
    rounds.reopen(rounds.comments[0]?.id ?? 0);
    expect(rounds.known()).toMatchObject([{ standing: 'open' }]);
  });

  test('take a conversation that a person closed for settled, and one that a person opened for open', () => {
    const rounds = new ReviewRounds();
    rounds.review({ files, findings: [first], earlier: [] });
    const id = rounds.comments[0]?.id ?? 0;
    rounds.close(id);
    expect(rounds.known()).toMatchObject([{ standing: 'fixed', closedBy: 'person' }]);
    expect(rounds.review({ files, findings: [first], earlier: [] })).toMatchObject({ post: [], reopened: [] });
    expect(rounds.threads).toMatchObject([{ resolved: true }]);
    rounds.reopen(id);
    expect(rounds.known()).toMatchObject([{ standing: 'open' }]);
  });

  test('go on after a kill between the word and the end of a conversation', () => {
    const rounds = new ReviewRounds();
    rounds.review({ files, findings: [first], earlier: [] });
    rounds.review({ files, findings: [], earlier: [firstFixed], dieAfter: 2 });
    expect(rounds.known()).toMatchObject([{ standing: 'open' }]);
    rounds.review({ files, findings: [], earlier: [firstFixed] });
    expect(rounds.known()).toMatchObject([{ standing: 'fixed' }]);
    expect(rounds.threads).toMatchObject([{ resolved: true, endings: 1 }]);
  });

  test('know what has no line from the text of the review, and tell there what became of it', () => {
    const rounds = new ReviewRounds();
    const astray = finding(90, 'Nothing tests this', { path: 'src/other.ts', suggestion: 'test();' });
    const [posted] = rounds.review({ files, findings: [astray], earlier: [] }).post;
    expect(posted?.place.kind).toBe('beside');
    expect(rounds.known()).toMatchObject([
      { path: 'src/other.ts', line: 90, title: 'Nothing tests this', standing: 'open', severity: 'major' },
    ]);
    expect(rounds.known()[0]).not.toHaveProperty('commentId');
    expect(rounds.review({ files, findings: [astray], earlier: [] }).post).toEqual([]);
    const fingerprint = posted?.fingerprint ?? '';
    rounds.review({ files, findings: [], earlier: [{ fingerprint, standing: 'fixed', why: 'It is tested.' }] });
    expect(rounds.known()).toMatchObject([{ standing: 'fixed' }]);
    expect(rounds.reviews.at(-1)?.body).toContain('- fixed: Nothing tests this (It is tested.)');
    rounds.review({ files, findings: [astray], earlier: [] });
    expect(rounds.known()).toMatchObject([{ standing: 'open' }]);
  });

  test('know a finding by its mark when a person has edited the words', () => {
    const rounds = new ReviewRounds();
    rounds.review({ files, findings: [first, finding(90, 'Astray')], earlier: [] });
    const [comment] = rounds.comments;
    const [review] = rounds.reviews;
    if (comment !== undefined) comment.body = comment.body.replace(/\*\*Major[\s\S]*/, 'Said otherwise.');
    if (review !== undefined) review.body = review.body.replace(/\*\*Major[\s\S]*/, 'This too.');
    expect(rounds.known()).toMatchObject([
      { fingerprint: firstName, title: '(no title)', body: 'Said otherwise.', line: 1 },
      { title: '(no title)', body: 'This too.' },
    ]);
    expect(rounds.review({ files, findings: [first], earlier: [] }).post).toEqual([]);
  });

  test('believe no mark that a stranger types', () => {
    const rounds = new ReviewRounds();
    rounds.review({ files, findings: [first], earlier: [] });
    const [comment] = rounds.comments;
    const forged = comment?.body.replace(firstName, '0'.repeat(16)) ?? '';
    rounds.say('mallory', { path: 'src/a.ts', line: 1, body: forged });
    rounds.say('mallory', {
      path: 'src/a.ts',
      line: 1,
      body: forged.replace('finding-', 'standing-').replace('major', 'fixed'),
    });
    rounds.reviews.push({ id: 999, author: 'mallory', body: forged, submittedAt: '2026-11-01T10:00:00Z' });
    expect(rounds.known().map(({ fingerprint }) => fingerprint)).toEqual([firstName]);
  });

  test('never tell a finding twice, end each conversation once for each opening, and know from GitHub alone where all stand', () => {
    const titles = [
      'The result of first is never checked',
      'Second may be called before first has ended',
      'Adding overflows for large numbers',
      'The error says nothing about its cause',
      'Done is called twice',
      'Nothing is exported',
    ];
    const deed = fc.record({
      told: fc.subarray([0, 1, 2, 3, 4, 5]),
      shout: fc.boolean(),
      words: fc.array(fc.record({ which: fc.nat({ max: 5 }), standing: fc.constantFrom('fixed', 'refuted', 'open') }), {
        maxLength: 4,
      }),
      before: fc.constantFrom(0, 1, 2),
      person: fc.constantFrom('nobody', 'nobody', 'nobody', 'closes', 'opens'),
      whom: fc.nat({ max: 5 }),
    });
    fc.assert(
      fc.property(fc.array(deed, { minLength: 1, maxLength: 12 }), (deeds) => {
        const rounds = new ReviewRounds();
        const refuted = new Set<string>();
        for (const { told, shout, words, before, person, whom } of deeds) {
          const shifted = fileOf(Array.from({ length: before }, () => '//'));
          for (const comment of rounds.comments) {
            const at = titles.findIndex((title) => comment.body.includes(title));
            if (comment.inReplyTo === undefined) comment.line = at + 1 + before;
          }
          const findings = told.map((at) => {
            const title = titles[at] ?? '';
            return finding(at + 1 + before, shout ? title.toUpperCase() : title);
          });
          const earlier = words.map(({ which, standing }) => ({
            fingerprint: nameOf(which + 1, titles[which] ?? ''),
            standing,
            why: 'As I said.',
          }));
          const merged = rounds.review({ files: shifted, findings, earlier });
          const shown = (all: readonly { readonly fingerprint: string; readonly standing: string }[]) =>
            all.map(({ fingerprint, standing }) => [fingerprint, standing]).sort();
          expect(shown(rounds.known())).toEqual(shown(merged.known));
          for (const {
            finding: { fingerprint },
          } of merged.refuted)
            refuted.add(fingerprint);
          for (const { fingerprint, standing } of rounds.known()) {
            if (refuted.has(fingerprint)) expect(standing).toBe('refuted');
          }
          const chosen = rounds.known()[whom];
          if (chosen?.commentId !== undefined && person === 'closes') rounds.close(chosen.commentId);
          if (chosen?.commentId !== undefined && person === 'opens') {
            rounds.reopen(chosen.commentId);
            refuted.delete(chosen.fingerprint);
          }
        }
        const names = rounds.comments
          .filter(({ inReplyTo }) => inReplyTo === undefined)
          .map(({ body }) => /finding-([0-9a-f]{16})/.exec(body)?.[1]);
        expect(new Set(names).size).toBe(names.length);
        for (const thread of rounds.threads) {
          const said = rounds.comments.filter(({ id }) => thread.comments.includes(id)).map(({ body }) => body);
          const openings = said.filter((body) => body.includes('**Back again.**')).length;
          const fixed = said.filter((body) => body.includes('**Fixed.**')).length;
          const people = deeds.filter(({ person }) => person !== 'nobody').length;
          expect(fixed).toBeLessThanOrEqual(openings + people + 1);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('how rounds end', () => {
  const known = (severity: Finding['severity'], standing: 'open' | 'fixed' | 'refuted') => ({
    ...{ ...finding(1, 'x'), fingerprint: '0'.repeat(16), round: 1, severity, standing },
  });

  test.each([
    [[], true],
    [[known('blocker', 'open')], false],
    [[known('major', 'open'), known('major', 'fixed')], false],
    [[known('minor', 'open'), known('nit', 'open')], true],
    [[known('blocker', 'fixed'), known('major', 'refuted')], true],
  ] as const)('%#: open demands keep it going, advice does not', (all, converged) => {
    expect(isConverged(all)).toBe(converged);
    expect(reviewEvent(all)).toBe(converged ? 'COMMENT' : 'REQUEST_CHANGES');
  });

  test('after so many rounds a person is asked', () => {
    expect([1, 2, 3, 4].map((round) => roundsLeft(round, 3))).toEqual([2, 1, 0, 0]);
  });
});
