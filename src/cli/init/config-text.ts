import { formatUsd } from '../../domain/budget.ts';
import { defaultSettings } from '../../domain/settings.ts';

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
# Settings of Entropy Playground, read from the base branch. All keys:
# https://github.com/entropy-playground/entropy-playground/blob/main/docs/configuration.md

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

# Built-in protected paths that agents may change after all, such as package-lock.json.
paths:
  unprotected: []
`;
}

/** A YAML scalar that is this very text; plain where that is safe. */
function quoted(text: string): string {
  const reads = /^[A-Za-z./][\w ./:@=-]*$/.test(text) && !/: |:$|^(?:true|false|null|yes|no|on|off|~)$/i.test(text);
  return reads && text.trim() === text ? text : JSON.stringify(text);
}
