import type { EventIssue, EventPull } from '../../domain/trigger-event.ts';

/** What we use of the payloads that `readTriggerEvent` reads. Nothing else of them is looked at. */
export async function payloadShapes() {
  const { z } = await import('zod');
  const login = z.string().min(1).max(100);
  const sender = z.object({ login, type: z.string().optional() }).transform(({ login: name, type }) => ({
    login: name,
    kind: type === 'Bot' ? ('bot' as const) : ('user' as const),
  }));
  const number = z.int().positive();
  const sha = z.string().regex(/^[0-9a-f]{40}$/);
  const branch = z.string().max(255).nullable();
  const text = z
    .string()
    .nullish()
    .transform((given) => given ?? '');
  const words = { number, title: z.string(), body: text, updated_at: z.string().optional() };
  const issue = z.object({ ...words, pull_request: z.unknown().optional() }).transform(
    ({ updated_at, pull_request, ...found }): EventIssue => ({
      ...found,
      isPullRequest: pull_request !== undefined && pull_request !== null,
      updatedAt: updated_at,
    }),
  );
  const pullRequest = z.object({ ...words, draft: z.boolean().nullish(), head: z.object({ sha }) }).transform(
    ({ updated_at, head, draft, ...found }): EventPull => ({
      ...found,
      isPullRequest: true,
      updatedAt: updated_at,
      headSha: head.sha,
      draft: draft === true,
    }),
  );
  const comment = z
    .object({ id: number, body: text, created_at: z.string() })
    .transform(({ created_at, ...rest }) => ({ ...rest, createdAt: created_at }));
  const label = z.object({ name: z.string() }).transform(({ name }) => name);
  const review = z
    .object({ id: number, body: text, submitted_at: z.string(), state: z.string() })
    .transform(({ submitted_at, state, ...rest }) => ({
      ...rest,
      state: state.toLowerCase(),
      submittedAt: submitted_at,
    }));
  /** Inputs are text; a program may send the number as one. */
  const issueNumber = z
    .union([number, z.string().regex(/^\s*#?[1-9][0-9]{0,9}\s*$/)])
    .transform((given) => (typeof given === 'number' ? given : Number(given.trim().replace('#', ''))));
  const asked = z.object({
    issue: issueNumber,
    command: z.string().max(2_000).nullish(),
    step: z.string().max(64).nullish(),
  });
  const place = z.object({ full_name: z.string() });

  return {
    action: z.object({ action: z.string() }),
    issueComment: z.object({ issue, comment, sender }),
    issueLabeled: z.object({ issue, label, sender }),
    issueOpened: z.object({ issue, sender }),
    issueAssigned: z
      .object({ issue, assignee: z.object({ login }).nullish(), sender })
      .transform(({ assignee, ...rest }) => ({ ...rest, assignee: assignee?.login ?? '' })),
    pull: z.object({ pull_request: pullRequest, sender }),
    pullLabeled: z.object({ pull_request: pullRequest, label, sender }),
    review: z.object({ pull_request: pullRequest, review, sender }),
    lineComment: z.object({ pull_request: pullRequest, comment, sender }),
    checkRun: z
      .object({
        check_run: z.object({
          head_sha: sha,
          conclusion: z.string().nullish(),
          check_suite: z.object({ head_branch: branch.optional() }).nullish(),
        }),
        sender,
      })
      .transform(({ check_run, sender: by }) => ({
        headSha: check_run.head_sha,
        branch: check_run.check_suite?.head_branch ?? null,
        conclusion: check_run.conclusion ?? null,
        // A suite of a fork's commit names no branch here.
        foreign: false,
        sender: by,
      })),
    state: z.object({ state: z.string() }),
    status: z
      .object({
        sha,
        state: z.string(),
        branches: z.array(z.object({ name: branch, commit: z.object({ sha }).nullish() })).max(100),
        sender,
      })
      .transform(({ sha: headSha, state, branches, sender: by }) => {
        // The commit may be on branches that others went on from: those whose head it is count.
        const heads = branches.filter(({ commit }) => commit?.sha === headSha).map(({ name }) => name ?? '');
        return { headSha, state, branches: heads, sender: by };
      }),
    workflowRun: z
      .object({
        workflow_run: z.object({
          head_sha: sha,
          head_branch: branch.optional(),
          conclusion: z.string().nullish(),
          head_repository: place.nullish(),
        }),
        repository: place,
        sender,
      })
      .transform(({ workflow_run: run, repository, sender: by }) => ({
        headSha: run.head_sha,
        branch: run.head_branch ?? null,
        conclusion: run.conclusion ?? null,
        foreign: run.head_repository?.full_name.toLowerCase() !== repository.full_name.toLowerCase(),
        sender: by,
      })),
    pushedRef: z.object({ ref: z.string(), deleted: z.unknown().optional() }),
    pushedBy: z.object({ sender }),
    workflowDispatch: z.object({ inputs: asked, sender }),
    repositoryDispatch: z.object({ client_payload: asked, sender }),
  };
}
