import { formatUsd } from '../../domain/budget.ts';
import { defaultSettings } from '../../domain/settings.ts';

const docs = 'https://github.com/entropy-playground/entropy-playground/blob/main/docs';

export interface ConfigChoices {
  readonly setup: string | undefined;
  readonly test: string | undefined;
  readonly model: string;
  readonly allowUsers: readonly string[];
}

/** `.github/entropy.yml` as `init` writes it: the few values that people change, each with a word on it. */
export function configText({ setup, test, model, allowUsers }: ConfigChoices): string {
  const { maxTurns, maxMinutes, maxCostMicroUsd } = defaultSettings;
  const { maxIssueCostMicroUsd, maxDayCostMicroUsd, maxConcurrentRuns } = defaultSettings;
  return `# yaml-language-server: $schema=https://raw.githubusercontent.com/entropy-playground/entropy-playground/main/docs/entropy.schema.json
# Settings of Entropy Playground. All keys: ${docs}/configuration.md
# What agents may do: ${docs}/policy.md
# People, limits, paths, models, tools and network are read from the default branch alone, whatever branch is worked on;
# that branch decides only how to prepare and to test (setup, test, sandbox.env).

# Prepares the workspace: reaches package registries, and runs before any key is there.
${setup === undefined ? '# setup: npm ci' : `setup: ${quoted(setup)}`}
# Proves the work; runs before and after, in the sandbox, without a network unless you list one.
${test === undefined ? '# test: npm test' : `test: ${quoted(test)}`}

model: ${quoted(model)}

# One run stops at the first of these.
limits:
  max-cost-usd: ${formatUsd(maxCostMicroUsd)}
  max-minutes: ${maxMinutes}
  max-turns: ${maxTurns}

# All runs together; at a limit an agent says so on the issue and does not start.
budgets:
  max-issue-usd: ${formatUsd(maxIssueCostMicroUsd)}
  max-day-usd: ${formatUsd(maxDayCostMicroUsd)}
  max-concurrent-runs: ${maxConcurrentRuns}

# Besides people with write access, these logins may start agents.
allow-users: [${allowUsers.map(quoted).join(', ')}]
# Who may give which command: a permission, logins or org/team; for that command it replaces write access and allow-users.
# who: { approve: [maintain] }

paths:
  # Built-in protected paths that agents may change after all, such as package-lock.json.
  unprotected: []
  # Changes here are held until somebody approves them on the issue.
  # review-required: ["migrations/**"]

# Hosts that set-up reaches (registries of packages when absent) and that the agent reaches (none), and ports of this machine.
# network: { setup: [npm], agent: [], services: [5432] }

# No other model is asked, whatever a comment says.
# models: { allowed: [${quoted(model)}] }
`;
}

/** A YAML scalar that is this very text; plain where that is safe. */
function quoted(text: string): string {
  const reads = /^[A-Za-z./][\w ./:@=-]*$/.test(text) && !/: |:$|^(?:true|false|null|yes|no|on|off|~)$/i.test(text);
  return reads && text.trim() === text ? text : JSON.stringify(text);
}
