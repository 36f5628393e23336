import type { RoleReport } from '../../src/domain/reports/role-report.ts';
import { taskRole } from '../../src/domain/roles/role.ts';
import { shippedRoles } from '../../src/domain/roles/shipped-roles.ts';
import type { RunResult } from '../../src/domain/run-result.ts';
import type { Task } from '../../src/domain/task.ts';
import { renderTrackingComment } from '../../src/domain/tracking-comment.ts';
import type { Publisher, PublishReport } from '../../src/flows/publish-run.ts';
import type { PullFile } from '../../src/ports/forge-reviews.ts';
import { type PublishScene, publishScene, readyResult, runId } from './publish-scene.ts';

type Work = RoleReport['kind'];

export interface ReportedScene extends PublishScene {
  /** Publishes a report as the hand-over of the task's own run. */
  deliver(report: RoleReport, more?: Delivery): Promise<PublishReport>;
}

export interface Delivery {
  readonly result?: Partial<RunResult>;
  readonly publisher?: Partial<Publisher>;
  readonly task?: Partial<Task>;
}

export const pullNumber = 2;

/** One hunk: lines 1 to 5 of `src/slugify.ts` stand on the new side. */
export const diffOfPull: readonly PullFile[] = [
  {
    path: 'src/slugify.ts',
    previousPath: undefined,
    status: 'modified',
    patch: '@@ -1,3 +1,5 @@\n one\n+two\n+three\n four\n five',
  },
];

/** Who publishes a report: of an issue, or (a review, a verification) of pull request 2, by `author`. */
export async function reportedScene(work: Work, { author = 'alice' } = {}): Promise<ReportedScene> {
  const begun = await publishScene();
  const { forge } = begun;
  const role = shippedRoles.find(({ results }) => results.includes(work));
  if (role === undefined) throw new Error(`no role hands over a ${work}`);
  const onPull = work === 'review' || work === 'verification' ? await withPull(begun, author, role.name) : {};
  if (!('pull' in onPull)) {
    const [row] = forge.allComments;
    if (row !== undefined) row.snapshot = { ...row.snapshot, body: tracking(1, role.name) };
  }
  const task: Task = {
    ...begun.task,
    work,
    role: taskRole(role),
    agent: { ...begun.task.agent, role: role.name },
    ...onPull,
  };
  const publish: PublishScene['publish'] = (result, more) => begun.publish(result, { task, ...more });
  return {
    ...begun,
    task,
    publish,
    comment: () =>
      forge.allComments.find(({ snapshot }) => snapshot.id === task.trackingCommentId)?.snapshot.body ?? '',
    deliver: (report, { result = {}, publisher = {}, task: other } = {}) => {
      const { submission: _, patch: __, ...words } = readyResult(undefined);
      return publish({ ...words, report, ...result }, { ...publisher, ...(other && { task: { ...task, ...other } }) });
    },
  };
}

async function withPull(
  { forge, task }: PublishScene,
  author: string,
  role: string,
): Promise<Pick<Task, 'pull' | 'trackingCommentId'>> {
  const branch = 'feature/limit';
  const headSha = forge.git.commitFiles(
    { 'README.md': '# slug\n', 'src/slugify.ts': 'one\ntwo\nthree\nfour\nfive\n', 'gone.txt': 'x\n' },
    [task.base.sha],
  );
  forge.git.branches.set(branch, headSha);
  const made = await forge.createPullRequest({
    title: 'Keep the last word',
    body: 'Closes #1',
    head: branch,
    base: 'main',
    draft: true,
  });
  if (made.kind !== 'created') throw new Error('the pull request of the scene was not created');
  const { number } = made.pull;
  const index = forge.pulls.findIndex((pull) => pull.number === number);
  forge.pulls[index] = { ...made.pull, author };
  forge.reviews.diffs.set(number, diffOfPull);
  forge.allComments.splice(0);
  const { id } = forge.seedComment(number, tracking(number, role), forge.login);
  forge.calls.splice(0);
  const { title, body, url, headBranch, baseBranch, draft } = made.pull;
  return {
    trackingCommentId: id,
    pull: {
      number,
      title,
      body,
      author,
      url,
      headBranch,
      headSha,
      baseBranch,
      baseSha: task.base.sha,
      draft,
      fromFork: false,
    },
  };
}

function tracking(number: number, role: string): string {
  return renderTrackingComment({ role, issue: number, fence: 1, runId, state: { kind: 'working', step: 'publish' } });
}
