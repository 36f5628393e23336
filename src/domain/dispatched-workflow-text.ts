import { dispatchedTitle, dispatchInputs } from './dispatch/dispatched-title.ts';
import { dispatchedWorkflow, home } from './shipped-workflow.ts';
import { inputLines } from './workflow-inputs.ts';

export interface DispatchedChoices {
  readonly coordinatorUrl: string;
  /** Whether it stands in the one repository in which the runs of all others are carried out. */
  readonly place: 'own-repository' | 'central';
  /** Values under `with:`, by the names of the inputs. */
  readonly inputs?: Readonly<Record<string, string>>;
}

const { run, traceparent } = dispatchInputs;
/** The run as an expression of GitHub's. */
const runInput = `\${{ inputs.${run} }}`;

/** `.github/workflows/agent.yml` of a repository whose runs a coordinator dispatches. It listens to nothing by itself. */
export function dispatchedWorkflowText({ coordinatorUrl, place, inputs = {} }: DispatchedChoices): string {
  const central =
    place === 'central'
      ? '      central: true # the code of other repositories, with tokens from the coordinator\n'
      : '';
  const where =
    place === 'central'
      ? 'The runs of all repositories of the organisation are carried out here.'
      : 'Its settings are in .github/entropy.yml.';
  return `# Agents that work on issues: https://github.com/${home}
# Your coordinator hears of labels and comments through its GitHub App, and starts this workflow for each run that it admits.
# ${where}
name: agent
run-name: "${dispatchedTitle(runInput)}"
on:
  workflow_dispatch:
    inputs:
      ${run}:
        description: Run to carry out; the coordinator names it
        type: string
        required: true
      ${traceparent}:
        description: Trace that the run belongs to
        type: string
        default: ""
permissions: {} # each job gets what it needs, nothing else
concurrency: # a run that was dispatched twice begins once
  group: agent-${runInput}
jobs:
  agent:
    permissions: # shared out among three jobs; none of them can write with it
      contents: read # checks the code out
      id-token: write # tells your coordinator which repository and workflow run it speaks with
    uses: ${dispatchedWorkflow}@v1
    with:
${inputLines({ 'coordinator-url': coordinatorUrl }, 6)}      run: ${runInput}
      traceparent: \${{ inputs.${traceparent} }}
${central}${inputLines(inputs, 6)}    secrets:
      anthropic-api-key: \${{ secrets.ANTHROPIC_API_KEY }}
`;
}
