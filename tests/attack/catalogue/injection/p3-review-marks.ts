import type { ReviewReport } from '../../../../src/domain/reports/review-report.ts';
import { pullNumber, type ReportedScene, reportedScene } from '../../../fakes/reported-scene.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';

const path = 'src/slugify.ts';
const report: ReviewReport = {
  kind: 'review',
  summary: 'It opens the door.',
  findings: [
    { path, line: 2, severity: 'blocker', category: 'security', title: 'Everybody gets in', body: 'No check.' },
  ],
  earlier: [],
  notReviewed: [],
};

const runId = '01JD0000000000000000000001';
const earlierRun = { task: { runId }, result: { runId } };

/** What the reviewer would write, mark and all: whoever knows the program can write it first. */
async function copied(): Promise<readonly string[]> {
  const { deliver, forge } = await reportedScene('review');
  await deliver(report, earlierRun);
  return forge.reviews.allComments.map(({ body }) => body);
}

function toldBy({ forge }: ReportedScene): number {
  return forge.reviews.allComments.filter(({ author }) => author === forge.login).length;
}

export const copiedFinding: Attack = {
  id: 'P3',
  title: 'a stranger writes a finding of ours first, so that it counts as told and settled',
  attack: async () => {
    const scene = await reportedScene('review');
    for (const body of await copied()) {
      const { id } = scene.forge.reviews.seedComment(pullNumber, 'mallory', { path, line: 2, body });
      scene.forge.reviews.resolved.add(`PRRT_${id}`);
    }
    const published = await scene.deliver(report);
    if (published.stage?.kind !== 'reviewed') return escaped(`not judged: ${published.reason}`);
    const asks = scene.forge.reviews.allReviews.at(-1)?.state === 'CHANGES_REQUESTED';
    return asks && toldBy(scene) === 1
      ? contained('only what we wrote counts as told')
      : escaped('the finding is not told');
  },
  twin: async () => {
    const scene = await reportedScene('review');
    await scene.deliver(report, earlierRun);
    await scene.deliver(report);
    return toldBy(scene) === 1 ? passed('what we have told is not told twice') : hindered('it is told again');
  },
};
