import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { marker } from '../../../src/domain/markers.ts';
import type { PlanReport } from '../../../src/domain/reports/plan-report.ts';
import type { RoleReport } from '../../../src/domain/reports/role-report.ts';
import { findingComment } from '../../../src/domain/review/finding-comment.ts';
import { placeFindings } from '../../../src/domain/review/placed-finding.ts';
import type { RunResult } from '../../../src/domain/run-result.ts';
import type { TestRun } from '../../../src/domain/test-run.ts';
import type { PublishReport } from '../../../src/flows/publish-run.ts';
import { Killed } from '../../fakes/fake-forge.ts';
import { threadOf } from '../../fakes/fake-reviews.ts';
import { manifestOn } from '../../fakes/publish-scene.ts';
import { diffOfPull, pullNumber, type ReportedScene, reportedScene } from '../../fakes/reported-scene.ts';

interface Story {
  readonly name: RoleReport['kind'];
  prepare?(scene: ReportedScene): void;
  readonly report: RoleReport;
  result?(scene: ReportedScene): Partial<RunResult>;
  check(scene: ReportedScene): void;
  /** What the stages are told in the end. */
  stage?(stage: PublishReport['stage']): void;
}

const earlierFindings = placeFindings(
  [
    {
      path: 'src/slugify.ts',
      line: 2,
      severity: 'major',
      category: 'correctness',
      title: 'Wrong word',
      body: 'It is.',
    },
    {
      path: 'src/slugify.ts',
      line: 3,
      severity: 'major',
      category: 'security',
      title: 'No check',
      body: 'There is none.',
    },
  ],
  { files: diffOfPull, complete: true },
);

const plan: PlanReport = {
  kind: 'plan',
  summary: 'Small.',
  steps: [{ title: 'Do it', detail: 'Here.', paths: ['src/slugify.ts'] }],
  tests: [],
  risks: [],
};

function ran(exitCode: number): TestRun {
  return { command: 'node --test', exitCode, timedOut: false, durationMs: 10, output: '' };
}

const stories: readonly Story[] = [
  {
    name: 'triage',
    prepare: ({ forge }) => {
      forge.labels.names.push('size/S', 'size/L');
      const earlier = '<!-- entropy:issue=1 fence=0 run=01JC op=triage -->\n**Labels set:** `size/L`\n';
      forge.seedComment(1, earlier, forge.login);
      forge.issues.set(1, { ...forge.issues.get(1), labels: ['size/L'] } as never);
      forge.seedIssue({ number: 7 });
    },
    report: {
      kind: 'triage',
      summary: 'It drops a word.',
      type: 'bug',
      size: 's',
      priority: 1,
      labels: [],
      acceptance: ['it does not'],
      questions: [],
      related: [{ issue: 7, relation: 'duplicates', why: 'the same' }],
    },
    check: ({ forge }) => {
      expect([...(forge.issues.get(1)?.labels ?? [])].sort()).toEqual(['bug', 'size/S']);
      const [comment, ...more] = forge.allComments.filter(({ snapshot }) => snapshot.body.includes('op=triage'));
      expect(more).toEqual([]);
      expect(comment?.snapshot.body).toContain('**Labels set:** `bug`, `size/S`');
      expect(forge.allComments).toHaveLength(2);
    },
  },
  {
    name: 'plan',
    report: plan,
    check: (scene) => {
      const { plan: held } = JSON.parse(scene.forge.heldTexts.get(1)?.text ?? '');
      expect(held.report).toEqual(plan);
      expect(scene.comment()).toContain('waits for approval');
      expect(scene.forge.allComments).toHaveLength(1);
      expect([...scene.forge.git.branches.keys()]).toEqual(['main']);
    },
  },
  {
    name: 'review',
    prepare: ({ forge, task }) => {
      // An earlier round: one finding that is fixed now, one that is refuted, one in the text, and a demand that is met.
      const run = { issue: pullNumber, fence: 0, run: '01JC' };
      const told = earlierFindings.map((each) =>
        findingComment(each, { run, round: 1, outgoing: { issue: pullNumber } }),
      );
      forge.reviews.seed(pullNumber, forge.login, {
        event: 'REQUEST_CHANGES',
        commitSha: task.pull?.headSha ?? '',
        body: `${marker({ ...run, op: 'review' })}\nRound one.`,
        comments: told.map((body, at) => ({ path: 'src/slugify.ts', line: 2 + at, body })),
      });
    },
    report: {
      kind: 'review',
      summary: 'Better.',
      findings: [
        { path: 'src/slugify.ts', line: 4, severity: 'minor', category: 'tests', title: 'Say four', body: 'So.' },
        { path: 'other.ts', severity: 'nit', category: 'naming', title: 'Elsewhere', body: 'So.' },
      ],
      earlier: earlierFindings.map(({ fingerprint }, at) => ({
        fingerprint,
        standing: at === 0 ? ('fixed' as const) : ('refuted' as const),
        why: 'Seen.',
      })),
      notReviewed: [],
    },
    check: ({ forge }) => {
      const { allReviews, allComments, resolved } = forge.reviews;
      expect(allReviews.map(({ state }) => state)).toEqual(['DISMISSED', 'COMMENTED']);
      expect(allReviews[1]?.body).toContain('- fixed: Wrong word');
      const ids = allComments.filter(({ inReplyTo }) => inReplyTo === undefined).map(({ id }) => id);
      expect(ids).toHaveLength(3);
      const replies = allComments.filter(({ inReplyTo }) => inReplyTo !== undefined);
      expect(replies.map(({ inReplyTo }) => inReplyTo)).toEqual(ids.slice(0, 2));
      expect(replies.map(({ body }) => /-(fixed|refuted) -->/.exec(body)?.[1])).toEqual(['fixed', 'refuted']);
      expect([...resolved].sort()).toEqual(ids.slice(0, 2).map(threadOf).sort());
      expect(forge.allComments).toHaveLength(1);
    },
    stage: (stage) => {
      const standings = stage?.kind === 'reviewed' ? stage.findings.map(({ standing }) => standing) : [];
      expect(standings).toEqual(['fixed', 'refuted', 'open', 'open']);
    },
  },
  {
    name: 'verification',
    report: { kind: 'verification', summary: 'Seen.', command: 'node --test', notVerified: [] },
    result: ({ forge, task }) => ({
      evidence: {
        tests: manifestOn(forge, task.pull?.headSha ?? '', { 'test/a.test.js': 'x\n' }),
        onBase: ran(1),
        onHead: ran(0),
      },
    }),
    check: ({ forge }) => {
      const told = forge.allComments.filter(({ snapshot }) => snapshot.body.includes('op=verification'));
      expect(told.map(({ issue }) => issue)).toEqual([pullNumber]);
      expect(forge.allComments).toHaveLength(2);
    },
  },
];

interface Kill {
  readonly call: number;
  readonly when: 'before' | 'after';
}

async function begin(story: Story): Promise<{ readonly scene: ReportedScene; run(): Promise<PublishReport> }> {
  const scene = await reportedScene(story.name);
  story.prepare?.(scene);
  scene.forge.calls.splice(0);
  const atStart = { ...scene.task.issue, labels: scene.forge.issues.get(1)?.labels ?? [] };
  const result = story.result?.(scene) ?? {};
  return { scene, run: () => scene.deliver(story.report, { result, task: { issue: atStart } }) };
}

/** Runs until it is through, being killed at the given calls, counted in each try. */
async function runThrough(story: Story, kills: readonly Kill[]): Promise<void> {
  const { scene, run } = await begin(story);
  for (const { call, when } of kills) {
    scene.forge.dieOn = { call: scene.forge.calls.length + call, when };
    const end = await run().catch((error: unknown) => error);
    if (!(end instanceof Killed)) break;
  }
  scene.forge.dieOn = undefined;
  const report = await run();
  expect(report.outcome).toMatch(/^(?:succeeded|needs_info)$/);
  expect(scene.comment()).not.toContain('is working on this');
  story.check(scene);
  story.stage?.(report.stage);
}

describe.each(stories)('a $name', (story) => {
  it('comes out once, wherever the publisher was killed', async () => {
    const { scene, run } = await begin(story);
    await run();
    const total = scene.forge.calls.length;
    expect(total).toBeGreaterThan(3);
    for (let call = 1; call <= total; call += 1) {
      await runThrough(story, [{ call, when: 'before' }]);
      await runThrough(story, [{ call, when: 'after' }]);
    }
  });

  it('comes out once, however often the publisher was killed', async () => {
    const kill = fc.record({ call: fc.integer({ min: 1, max: 18 }), when: fc.constantFrom('before', 'after') });
    const kills = fc.array(kill, { minLength: 2, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(kills, (list) => runThrough(story, list)),
      { numRuns: 60 },
    );
  });
});
