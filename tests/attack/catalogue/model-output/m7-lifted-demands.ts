import type { ReviewReport } from '../../../../src/domain/reports/review-report.ts';
import { pullNumber, type ReportedScene, reportedScene } from '../../../fakes/reported-scene.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';

const path = 'src/slugify.ts';
const blocker = { severity: 'blocker', category: 'security', title: 'Everybody gets in', body: 'No check.' } as const;
const report: ReviewReport = {
  ...{ kind: 'review', summary: 'It opens the door.', earlier: [], notReviewed: [] },
  findings: [{ path, line: 2, ...blocker }],
};
const harmless: ReviewReport = { ...report, summary: 'Nothing to say.', findings: [] };

const earlierRun = { task: { runId: '01JD0000000000000000000001' }, result: { runId: '01JD0000000000000000000001' } };

function stateOf({ forge }: ReportedScene, id: number): string | undefined {
  return forge.reviews.allReviews.find((review) => review.id === id)?.state;
}

export const liftedForOthers: Attack = {
  id: 'M7',
  title: 'a review that finds nothing takes back what another program of the same account asks for',
  attack: async () => {
    const scene = await reportedScene('review');
    const { forge, deliver } = scene;
    // Both are `github-actions[bot]`: ours has told something before.
    await deliver(harmless, earlierRun);
    const { id } = forge.reviews.seed(pullNumber, forge.login, { event: 'REQUEST_CHANGES', body: 'Sign the CLA.' });
    const { outcome } = await deliver(harmless);
    if (outcome !== 'succeeded') return escaped(`not judged: ${outcome}`);
    return stateOf(scene, id) === 'CHANGES_REQUESTED'
      ? contained('only reviews that a run of ours wrote are dismissed')
      : escaped('the other program’s demand is gone');
  },
  twin: async () => {
    const scene = await reportedScene('review');
    const told = await scene.deliver(report, earlierRun);
    const id = scene.forge.reviews.allReviews.at(-1)?.id ?? 0;
    const findings = told.stage?.kind === 'reviewed' ? told.stage.findings : [];
    const earlier = findings.map(
      ({ fingerprint }) => ({ fingerprint, standing: 'fixed', why: 'It is gone.' }) as const,
    );
    await scene.deliver({ ...harmless, earlier });
    return stateOf(scene, id) === 'DISMISSED' ? passed('our own is taken back') : hindered('our own is left standing');
  },
};

/** A finding is told; `closer` ends its conversation; the next run finds it again. */
async function closedBy(closer: string): Promise<string> {
  const scene = await reportedScene('review');
  const { forge, deliver } = scene;
  forge.permissions.set('bob', 'write').set('alice', 'read');
  await deliver(report, earlierRun);
  for (const { id } of forge.reviews.allComments) {
    forge.reviews.resolved.add(`PRRT_${id}`);
    forge.reviews.resolvers.set(`PRRT_${id}`, closer);
  }
  await deliver(report);
  return forge.reviews.allReviews[0]?.state ?? 'none';
}

export const closedByTheAuthor: Attack = {
  id: 'M7',
  title: 'whoever opened a pull request presses “Resolve conversation” under what was found in it',
  attack: async () => {
    const state = await closedBy('alice');
    return state === 'CHANGES_REQUESTED'
      ? contained('what is found again stays asked for')
      : escaped(`the request for changes is ${state}`);
  },
  twin: async () => {
    const state = await closedBy('bob');
    return state === 'DISMISSED' ? passed('somebody who may write settles it') : hindered(`it is ${state}`);
  },
};
