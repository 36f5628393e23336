import { EntropyError } from '../../domain/error.ts';
import { isObject } from '../../domain/json-shape.ts';
import type { DispatchedWorkflow, ForgeWorkflows, StartedWorkflow } from '../../ports/forge-workflows.ts';
import { readWorkflowRun } from './answers.ts';
import type { GitHubApi } from './api.ts';
import type { ApiAnswer } from './api-call.ts';
import { integerIn, listIn, objectIn, textIn, textOrNullIn } from './json-reader.ts';

const oneWorkflow = '/repos/{owner}/{repo}/actions/workflows/{workflow_id}';
const perPage = 100;
/** Five hundred dispatches since the moment that is asked about: a run is looked for minutes after it was started. */
const maxPages = 5;

/** Starts workflows over REST. GitHub tells the run that it starts since February 2026, when it is asked to. */
export function createForgeWorkflows(api: GitHubApi): ForgeWorkflows {
  const dispatch = (workflow: DispatchedWorkflow, details: boolean): Promise<ApiAnswer> =>
    api.send({
      route: `POST ${oneWorkflow}/dispatches`,
      params: {
        workflow_id: workflow.workflow,
        ref: workflow.ref,
        inputs: workflow.inputs,
        ...(details && { return_run_details: true }),
      },
      purpose: `start the workflow ${workflow.workflow}`,
      expected: [400, 403, 404, 422],
      // Whoever gets no answer looks for the run by its title before starting another.
      onlyOnce: true,
    });

  return {
    dispatch: async (workflow) => {
      let answer = await dispatch(workflow, true);
      // Older servers refuse what they do not know.
      const unknown = (answer.status === 400 || answer.status === 422) && /return_run_details/.test(said(answer));
      if (unknown) answer = await dispatch(workflow, false);
      if (answer.status >= 400) return { kind: 'refused', reason: refusal(workflow, api, answer) };
      return { kind: 'accepted', started: answer.status === 200 ? readStarted(answer.data) : undefined };
    },

    announce: async ({ type, payload }) => {
      const answer = await api.send({
        route: 'POST /repos/{owner}/{repo}/dispatches',
        params: { event_type: type, client_payload: payload },
        purpose: `announce ${type}`,
        expected: [403, 404, 422],
        onlyOnce: true,
      });
      if (answer.status < 400) return { kind: 'accepted' };
      const words = `GitHub answered ${answer.status} "${said(answer)}"`;
      return { kind: 'refused', reason: `${words}: the token needs the permission contents: write` };
    },

    find: async ({ workflow, title, since }) => {
      for (let page = 1; page <= maxPages; page += 1) {
        const answer = await api.send({
          route: `GET ${oneWorkflow}/runs`,
          params: {
            workflow_id: workflow,
            event: 'workflow_dispatch',
            created: `>=${since}`,
            per_page: perPage,
            page,
          },
          purpose: `look for a run of ${workflow}`,
          expected: [404],
        });
        if (answer.status === 404) return undefined;
        const runs = listIn(objectIn(answer.data, 'workflow runs'), 'workflow_runs').map((run) =>
          objectIn(run, 'workflow run'),
        );
        const found = runs.find((run) => textOrNullIn(run, 'display_title').includes(title));
        if (found !== undefined) return { ...readWorkflowRun(found), url: textIn(found, 'html_url') };
        if (runs.length < perPage) return undefined;
      }
      return undefined;
    },
  };
}

function readStarted(data: unknown): StartedWorkflow {
  const started = objectIn(data, 'started workflow run');
  return {
    id: integerIn(started, 'workflow_run_id'),
    attempt: 1,
    url: textIn(started, 'html_url'),
    status: 'queued',
    conclusion: null,
  };
}

function said({ data }: ApiAnswer): string {
  const message = isObject(data) ? data['message'] : undefined;
  return typeof message === 'string' ? message.replace(/\s+/g, ' ').slice(0, 300) : 'no message';
}

/** `run and traceparent` */
function listed(names: readonly string[]): string {
  return [names.slice(0, -1).join(', '), names.at(-1)].filter((part) => part !== '').join(' and ');
}

/** GitHub's words, and what they mean here. */
function refusal({ workflow, ref, inputs }: DispatchedWorkflow, api: GitHubApi, answer: ApiAnswer): string {
  const { owner, name } = api.repository;
  const words = `GitHub answered ${answer.status} "${said(answer)}"`;
  switch (answer.status) {
    case 403:
      return `${words}: the token needs the permission actions: write in ${owner}/${name}`;
    case 404:
      return `${words}: there is no .github/workflows/${workflow} on ${ref} of ${owner}/${name}, or the token may not start it (actions: write)`;
    case 400:
    case 422:
      return `${words}: look at .github/workflows/${workflow} on ${ref} of ${owner}/${name}; it needs workflow_dispatch with the inputs ${listed(Object.keys(inputs))}`;
    default:
      throw new EntropyError({
        code: 'E200',
        message: `cannot start the workflow ${workflow}: ${words}`,
        fix: 'try again; if it stays so, report it',
      });
  }
}
