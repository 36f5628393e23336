import { renderCommit } from '../render/commit.ts';
import { repositoryApiUrl } from '../render/repository.ts';
import { renderCheckRun, renderStatus } from '../render/run.ts';
import type { CheckRun, CommitStatus } from '../state/run-state.ts';
import { type Scene, sceneFields } from './payloads.ts';

export function emitCheckRunEvent(scene: Scene, check: CheckRun, action: 'created' | 'completed'): void {
  const { world, repository, actor } = scene;
  const rendered = renderCheckRun(world, repository, check);
  const suite = {
    id: check.suiteId,
    head_branch: rendered.pull_requests[0]?.head.ref ?? null,
    head_sha: check.headSha,
    status: check.status,
    conclusion: check.conclusion === 'skipped' ? 'neutral' : check.conclusion,
    url: `${repositoryApiUrl(world, repository)}/check-suites/${check.suiteId}`,
    before: null,
    after: check.headSha,
    pull_requests: rendered.pull_requests,
    app: rendered.app,
    created_at: check.startedAt,
    updated_at: check.completedAt ?? check.startedAt,
  };
  const payload = { action, check_run: { ...rendered, check_suite: suite }, ...sceneFields(scene) };
  world.events.emit({ name: 'check_run', repository, actor, payload });
}

/** `status`: with the branches whose head the commit is, ten at most. */
export async function emitStatusEvent(scene: Scene, status: CommitStatus): Promise<void> {
  const { world, repository, actor } = scene;
  if (!world.events.isHeard({ name: 'status', repository, actor })) return;
  const { sha, context } = status;
  const commit = await repository.git.commit(sha);
  if (commit === undefined) return;
  const heads = (await repository.git.refsStartingWith('refs/heads/')).filter((ref) => ref.sha === sha);
  const { url: _, node_id: _id, creator: _creator, ...rendered } = renderStatus(world, repository, status);
  const { commit: told, ...about } = renderCommit(world, repository, commit);
  // The published schema of this event is older than this member.
  const { verified_at: _at, ...verification } = told.verification;
  const payload = {
    ...rendered,
    sha,
    name: `${repository.owner.login}/${repository.name}`,
    context,
    commit: { ...about, commit: { ...told, verification } },
    branches: heads.slice(0, 10).map(({ name }) => ({
      name: name.slice('refs/heads/'.length),
      commit: { sha, url: `${repositoryApiUrl(world, repository)}/commits/${sha}` },
      protected: false,
    })),
    ...sceneFields(scene),
  };
  world.events.emit({ name: 'status', repository, actor, payload });
}
