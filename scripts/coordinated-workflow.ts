/**
 * Writes `.github/workflows/agent-coordinated.yml` from `agent.yml`: the same three jobs, with claims, budgets and the
 * record of the run at a coordinator. A file of its own, because `id-token: write` in `agent.yml` would have to be
 * granted by everybody, also by those who have no coordinator. `--check` fails on drift and writes nothing.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const source = '.github/workflows/agent.yml';
const target = '.github/workflows/agent-coordinated.yml';

/** Each must be found exactly once, so that a change of agent.yml cannot pass by unseen. */
const changes: readonly (readonly [from: string, to: string])[] = [
  [
    '# Call it from your own workflow (README: "The workflow to paste").\nname: agent\n',
    `# Claims, budgets and the record of each run are kept by your coordinator (docs/coordinator.md); GitHub's OIDC token tells it
# which repository and run it speaks with. Generated from agent.yml by \`node scripts/coordinated-workflow.ts\`.
name: agent-coordinated
`,
  ],
  [
    '  workflow_call:\n    inputs:\n',
    `  workflow_call:
    inputs:
      coordinator-url:
        description: Address of your coordinator, such as https://agents.example.com
        type: string
        required: true
`,
  ],
  [
    '      contents: write # keeps the claim in refs/agents/claims/…\n',
    '      contents: write # keeps where a team stands, in refs/agents/team/…\n      id-token: write # tells the coordinator who speaks: this repository, this run\n',
  ],
  [
    '        uses: ./.entropy-playground/actions/gate\n        with:\n',
    `        uses: ./.entropy-playground/actions/gate
        with:
          coordinator-url: \${{ inputs.coordinator-url }}
`,
  ],
  [
    '      pull-requests: write # opens the pull request; reviews, answers and verdicts on pull requests\n',
    '      pull-requests: write # opens the pull request; reviews, answers and verdicts on pull requests\n      id-token: write # tells the coordinator who speaks: this repository, this run\n',
  ],
  [
    '        uses: ./.entropy-playground/actions/publish\n        with:\n',
    `        uses: ./.entropy-playground/actions/publish
        with:
          coordinator-url: \${{ inputs.coordinator-url }}
`,
  ],
];

function coordinated(): string {
  return changes.reduce(
    (text, [from, to]) => {
      if (text.split(from).length !== 2) throw new Error(`${source} no longer holds exactly once: ${from}`);
      return text.replace(from, () => to);
    },
    readFileSync(source, 'utf8'),
  );
}

const wanted = coordinated();
if (!process.argv.includes('--check')) {
  writeFileSync(target, wanted);
} else if (readFileSync(target, 'utf8') !== wanted) {
  console.error(`${target} is not what ${source} makes of it`);
  process.exitCode = 1;
}
