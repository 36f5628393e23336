import { repositoryApiUrl } from '../render/repository.ts';
import { renderCheckRun } from '../render/run.ts';
import type { CheckRun } from '../state/run-state.ts';
import { type Scene, sceneFields } from './payloads.ts';

export function emitCheckRunEvent(scene: Scene, check: CheckRun, action: 'created' | 'completed'): void {
  const { world, repository, actor } = scene;
  const rendered = renderCheckRun(world, repository, check);
  const suite = {
    id: check.id,
    head_branch: rendered.pull_requests[0]?.head.ref ?? null,
    head_sha: check.headSha,
    status: check.status,
    conclusion: check.conclusion === 'skipped' ? 'neutral' : check.conclusion,
    url: `${repositoryApiUrl(world, repository)}/check-suites/${check.id}`,
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
