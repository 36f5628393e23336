/**
 * Writes `.github/workflows/agent-dispatched.yml` from `agent.yml`: the agent's and the publisher's jobs as they stand there,
 * behind a job that picks up what a coordinator has admitted. `--check` fails on drift and writes nothing.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const source = '.github/workflows/agent.yml';
const target = '.github/workflows/agent-dispatched.yml';

/** Each must be found exactly once, so that a change of agent.yml cannot pass by unseen. */
type Change = readonly [from: string, to: string];

const head = `# What a coordinator starts (workflow_dispatch) once it has admitted a run: it knows the events, keeps claims and budgets, and
# its GitHub App writes. Three jobs that never share a secret; the caller grants no right to write anything.
#   task     begins the run at the coordinator, gets its task          holds nothing but the job's identity
#   agent    the model, in a sandbox                                   holds the model key in a broker process; no token that can write
#   publish  checks the hand-over; pull request                        holds an App's token for this repository; no model key
# Generated from agent.yml by \`node scripts/dispatched-workflow.ts\`. Call it from your own workflow (docs/actions.md).
name: agent-dispatched

on:
  workflow_call:
    inputs:
      coordinator-url:
        description: Address of your coordinator, such as https://agents.example.com
        type: string
        required: true
      run:
        description: Name of the run, from the dispatch
        type: string
        required: true
      traceparent:
        description: Trace that the run belongs to, from the dispatch
        type: string
        default: ""
      central:
        description: Whether runs of other repositories are carried out here; the coordinator gives a token that reads their code
        type: boolean
        default: false
`;

const taskJob = `jobs:
  task:
    runs-on: \${{ inputs.runs-on }}
    timeout-minutes: 10
    permissions:
      id-token: write # tells the coordinator who speaks: this repository, this workflow run
    outputs:
      admitted: \${{ steps.gate.outputs.admitted }}
      outcome: \${{ steps.gate.outputs.outcome }}
      report: \${{ steps.gate.outputs.report }}
      run-id: \${{ steps.gate.outputs.run-id }}
      claim: \${{ steps.gate.outputs.claim }}
      checkout-sha: \${{ steps.gate.outputs.checkout-sha }}
      checkout-depth: \${{ steps.gate.outputs.checkout-depth }}
      base-sha: \${{ steps.gate.outputs.base-sha }}
      publish-only: \${{ steps.gate.outputs.publish-only }}
      has-setup: \${{ steps.gate.outputs.has-setup }}
      job-minutes: \${{ steps.gate.outputs.job-minutes }}
      task-sha256: \${{ steps.gate.outputs.task-sha256 }}
      open-run: \${{ steps.gate.outputs.open-run }}
    steps:
`;

const pickUp = `      - id: gate
        name: Pick the run up
        uses: ./.entropy-playground/actions/gate
        with:
          github-token: ""
          coordinator-url: \${{ inputs.coordinator-url }}
          run: \${{ inputs.run }}
          traceparent: \${{ inputs.traceparent }}
          code-token: \${{ inputs.central }}
`;

/** Only where the code lies elsewhere: the token that reads it never leaves this job, and ends with it. */
const centralCode = `      - name: Get the code of the other repository
        if: inputs.central && steps.gate.outputs.admitted == 'true' && steps.gate.outputs.publish-only != 'true'
        uses: CHECKOUT
        with:
          repository: \${{ steps.gate.outputs.repository }}
          ref: \${{ steps.gate.outputs.checkout-sha }}
          fetch-depth: \${{ steps.gate.outputs.checkout-depth }}
          token: \${{ steps.gate.outputs.code-token }}
          path: workspace
          persist-credentials: false
      - name: Get what a pull request of it is measured against
        if: inputs.central && steps.gate.outputs.admitted == 'true' && steps.gate.outputs.base-sha != ''
        uses: CHECKOUT
        with:
          repository: \${{ steps.gate.outputs.repository }}
          ref: \${{ steps.gate.outputs.base-sha }}
          token: \${{ steps.gate.outputs.code-token }}
          path: base
          persist-credentials: false
      # One file: an artifact keeps neither links nor the right to execute.
      - name: Pack the code
        if: inputs.central && steps.gate.outputs.admitted == 'true' && steps.gate.outputs.publish-only != 'true'
        shell: bash
        run: tar -C workspace -cf entropy-code.tar .
      - name: Pack what it is measured against
        if: inputs.central && steps.gate.outputs.admitted == 'true' && steps.gate.outputs.base-sha != ''
        shell: bash
        run: tar -C base -cf entropy-base.tar .
      - name: Hand the code over
        if: inputs.central && steps.gate.outputs.admitted == 'true' && steps.gate.outputs.publish-only != 'true'
        uses: UPLOAD
        with:
          name: entropy-code
          path: |
            entropy-code.tar
            entropy-base.tar
          if-no-files-found: error
          retention-days: 1
`;

const unpackCode = `      - name: Get the code of the other repository
        if: inputs.central
        uses: DOWNLOAD
        with:
          name: entropy-code
          path: entropy-code
      - name: Unpack the code
        if: inputs.central
        shell: bash
        run: |
          mkdir workspace && tar -C workspace -xf entropy-code/entropy-code.tar
          if [ -f entropy-code/entropy-base.tar ]; then mkdir base && tar -C base -xf entropy-code/entropy-base.tar; fi
          rm -r entropy-code
`;

const agentChanges: readonly Change[] = [
  ['    needs: gate\n', '    needs: task\n'],
  ['      - name: Get the code\n', `      - name: Get the code\n        if: "!inputs.central"\n`],
  [
    "        if: needs.gate.outputs.base-sha != ''\n",
    `        if: "!inputs.central && needs.gate.outputs.base-sha != ''"\n`,
  ],
  ['      - name: Get the task\n', `${unpackCode}      - name: Get the task\n`],
];

const publishChanges: readonly Change[] = [
  ['    needs: [gate, agent]\n', '    needs: [task, agent]\n'],
  [
    "    if: always() && needs.gate.outputs.admitted == 'true'\n",
    "    if: always() && needs.task.outputs.admitted == 'true'\n",
  ],
  [
    `      actions: write # starts the next step of a team (team.stages), nothing without one
      checks: read # whether a team's pull request is ready
      contents: write # branch and commit; what is held for approval; GitHub resolves conversations for it alone
      issues: write # closes the tracking comment; labels, questions and dependencies of a triage
      pull-requests: write # opens the pull request; reviews, answers and verdicts on pull requests
      statuses: read # the same as checks, for older kinds of them
`,
    `      id-token: write # tells the coordinator who speaks; its App's token, for the run's repository alone, does the writing
`,
  ],
  [
    `          github-token: \${{ github.token }}\n`,
    `          github-token: ""\n          coordinator-url: \${{ inputs.coordinator-url }}\n`,
  ],
  // Settings are those of the repository that the task is of: the one that runs it has none to lay over them.
  [`          trigger-phrase: \${{ inputs.trigger-phrase }}\n`, ''],
];

function dispatched(): string {
  const text = readFileSync(source, 'utf8');
  const inputs = ['dry-run', 'anthropic-base-url', 'runs-on'].map((name) =>
    between(text, `      ${name}:\n        description`, name === 'runs-on' ? '    secrets:\n' : nextInput),
  );
  const outside = between(text, '    secrets:\n', 'jobs:\n').replaceAll('jobs.gate.', 'jobs.task.');
  const ownActions = between(text, '      - name: Get the actions of this very workflow\n', '      - id: gate\n');
  const handTask = between(text, '      - name: Hand the task over\n', '\n  agent:\n');
  const agent = changed(between(text, '  agent:\n', '\n  publish:\n'), agentChanges);
  const publish = changed(text.slice(text.indexOf('  publish:\n')), publishChanges);
  const jobs = `${taskJob}${ownActions}${pickUp}${handTask}${centralCode}\n${agent}\n${publish}`
    .replaceAll('needs.gate.', 'needs.task.')
    .replaceAll('CHECKOUT', pin(text, 'actions/checkout'))
    .replace('UPLOAD', pin(text, 'actions/upload-artifact'))
    .replace('DOWNLOAD', pin(text, 'actions/download-artifact'));
  return `${head}${inputs.join('')}${outside}${jobs}`;
}

/** The next line that is as far in as the name of an input. */
const nextInput = /\n {6}\S/;

/** From one mark, which stands there, up to the first of another after it. */
function between(text: string, from: string, to: string | RegExp): string {
  const start = text.indexOf(from);
  const rest = text.slice(start + from.length);
  const length = typeof to === 'string' ? rest.indexOf(to) : rest.search(to) + 1;
  if (start === -1 || length < 1) throw new Error(`${source} no longer holds ${from.trim()} before ${to}`);
  return text.slice(start, start + from.length + length);
}

function changed(text: string, changes: readonly Change[]): string {
  return changes.reduce((now, [from, to]) => {
    if (now.split(from).length !== 2) throw new Error(`${source} no longer holds exactly once: ${from}`);
    return now.replace(from, () => to);
  }, text);
}

/** \`actions/checkout@<commit> # v7\`, as it is pinned there. */
function pin(text: string, name: string): string {
  const found = new RegExp(`uses: (${name}@[0-9a-f]{40} # \\S+)`).exec(text)?.[1];
  if (found === undefined) throw new Error(`${source} no longer uses ${name}`);
  return found;
}

const wanted = dispatched();
if (!process.argv.includes('--check')) {
  writeFileSync(target, wanted);
} else if (readFileSync(target, 'utf8') !== wanted) {
  console.error(`${target} is not what ${source} makes of it`);
  process.exitCode = 1;
}
