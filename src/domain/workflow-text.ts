import { home } from './shipped-workflow.ts';
import { expressionLiteral, inputLines } from './workflow-inputs.ts';

/** Which of the two ways a repository uses: three jobs that never share a secret, or one trusted job. */
export type WorkflowForm = 'three-jobs' | 'one-step';

export interface WorkflowChoices {
  readonly form: WorkflowForm;
  readonly labelTrigger: string;
  readonly triggerPhrase: string;
  /** Of the agents' branches; `agent/` when absent. */
  readonly branchPrefix?: string;
  /** Values under `with:`, by the names of the inputs; the file `.github/entropy.yml` is the better place for most. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** Address of a coordinator that keeps claims and budgets; the repository's own git refs when absent. */
  readonly coordinatorUrl?: string;
  /** Names of the workflows that check pull requests: a coder is sent again when they fail, and a team goes on when they end. */
  readonly checkWorkflows?: readonly string[];
}

/** A test keeps the pins equal to those of our own workflows. */
const checkout = 'actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1';

const permissions = [
  ['actions: write', 'asks whether a run still lives; /agent stop cancels it; starts the next step of a team'],
  ['checks: read', "reads why checks of an agent's pull request fail"],
  ['contents: write', 'keeps the claim, writes the branch'],
  ['issues: write', 'acknowledges and reports on the issue'],
  ['pull-requests: write', 'opens the pull request, reviews, says that it is ready'],
  ['statuses: read', 'the same for older kinds of checks'],
] as const;

const identify = ['id-token: write', 'tells your coordinator which repository and run it speaks with'] as const;

const pushTrigger = `  push: # the base of agents' pull requests went on: whether they conflict with it now
    branches: [main, master]
`;

/** `.github/workflows/agent.yml` of a repository that uses us. */
export function workflowText(choices: WorkflowChoices): string {
  const needed = choices.coordinatorUrl === undefined ? permissions : [...permissions, identify];
  const rights = needed.map(([right, why]) => `      ${right} # ${why}`).join('\n');
  const { branchPrefix = 'agent/' } = choices;
  const label = expressionLiteral(choices.labelTrigger);
  // `agents-docs` and the like are other people's labels.
  const labelled = `github.event.label.name == ${label} || startsWith(github.event.label.name, ${expressionLiteral(`${choices.labelTrigger}:`)})`;
  const phrase = expressionLiteral(choices.triggerPhrase);
  // A coordinator sweeps by itself, and takes no word of runs that a push started.
  const sweeps = choices.coordinatorUrl !== undefined;
  const pushed = sweeps ? '' : pushTrigger;
  const orPushed = sweeps ? '' : "github.event_name == 'push' || ";
  const checks = checksTold(choices);
  const job = choices.form === 'three-jobs' ? threeJobs(rights, choices) : oneStep(rights, choices);
  return `# Agents that work on issues: https://github.com/${home}
# Comment "${choices.triggerPhrase} fix" on an issue, or give it the label "${choices.labelTrigger}"; "${choices.triggerPhrase} help" lists the rest.
# Settings are in .github/entropy.yml; who may start an agent is decided by GitHub's own permissions.
name: agent
run-name: "agent on #\${{ github.event.issue.number || github.event.pull_request.number || inputs.issue || github.event.workflow_run.head_branch }}"
on:
  issue_comment:
    types: [created]
  issues:
    types: [labeled, closed] # closing ends a team that works on it
  pull_request:
    types: [labeled, closed]
  pull_request_review: # a command in a review, or changes requested of an agent
    types: [submitted]
  pull_request_review_comment: # a command or a remark on a line
    types: [created]
${pushed}${checks.trigger}  workflow_dispatch:
    inputs:
      issue:
        description: Number of the issue
        type: number
        required: true
      command:
        description: What the agent is to do
        type: string
        default: fix
      step:
        description: Left empty by people; a team starts its next run with it
        type: string
        default: ""
permissions: {} # each job gets what it needs, nothing else
jobs:
  agent:
    # Only a cheap filter, so that no runner starts for every comment; the gate decides.
    if: >-
      ${orPushed}github.event_name == 'workflow_dispatch' ||
${checks.filter}      (github.event_name == 'issues' && (${labelled} ||
      (github.event.action == 'closed' && github.event.issue.comments > 0))) ||
      (github.event_name == 'issue_comment' && contains(github.event.comment.body, ${phrase})) ||
      (startsWith(github.event_name, 'pull_request') && github.event.pull_request.head.repo.full_name == github.repository &&
      (${labelled} || contains(github.event.comment.body, ${phrase}) || contains(github.event.review.body, ${phrase}) ||
      ((github.event_name != 'pull_request' || github.event.action == 'closed') && startsWith(github.event.pull_request.head.ref, ${expressionLiteral(branchPrefix)}))))
${job}`;
}

/** The one trusted job checks code out, so it hears of no workflow that anybody's branch may have started. */
function checksTold({ form, branchPrefix = 'agent/', checkWorkflows = [] }: WorkflowChoices) {
  if (form === 'one-step' || checkWorkflows.length === 0) return { trigger: '', filter: '' };
  const names = checkWorkflows.map((name) => JSON.stringify(name)).join(', ');
  return {
    trigger: `  workflow_run: # checks of agents' branches; nothing is checked out beside a token or a key
    workflows: [${names}]
    types: [completed]
    branches: [${JSON.stringify(`${branchPrefix}**`)}]
`,
    filter: `      (github.event_name == 'workflow_run' && github.event.workflow_run.head_repository.full_name == github.repository) ||
`,
  };
}

function threeJobs(rights: string, { inputs = {}, coordinatorUrl }: WorkflowChoices): string {
  const all = coordinatorUrl === undefined ? inputs : { 'coordinator-url': coordinatorUrl, ...inputs };
  const given = Object.keys(all).length === 0 ? '' : `    with:\n${inputLines(all, 6)}`;
  const file = coordinatorUrl === undefined ? 'agent.yml' : 'agent-coordinated.yml';
  return `    permissions: # shared out among three jobs; the one with the model cannot write
${rights}
    uses: ${home}/.github/workflows/${file}@v1
${given}    secrets:
      anthropic-api-key: \${{ secrets.ANTHROPIC_API_KEY }}
`;
}

function oneStep(rights: string, { inputs = {}, coordinatorUrl }: WorkflowChoices): string {
  const all = coordinatorUrl === undefined ? inputs : { 'coordinator-url': coordinatorUrl, ...inputs };
  return `    runs-on: ubuntu-latest
    timeout-minutes: 60
    permissions:
${rights}
    steps:
      - uses: ${checkout}
        with:
          persist-credentials: false # no token in the workspace
      - uses: entropy-playground/setup-sandbox@v1
      - uses: entropy-playground/coder@v1
        with:
          anthropic-api-key: \${{ secrets.ANTHROPIC_API_KEY }}
${inputLines(all, 10)}`;
}
