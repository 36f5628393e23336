import { formatUsd } from '../budget.ts';
import { commandNames } from '../command.ts';
import { isModelAllowed } from '../model-policy.ts';
import type { MergedSettings, Settings } from '../settings.ts';
import { mayUseTool, type ToolName } from '../tool-names.ts';
import { readWhoEntry } from '../who-may.ts';
import { pathContradictions } from './path-contradictions.ts';
import type { PolicyProblem } from './policy-problem.ts';
import { teamContradictions } from './team-contradictions.ts';

type Told = Omit<PolicyProblem, 'kind'>;

/** What is written there and can do nothing, or not what whoever wrote it must have thought. */
export function contradictions(merged: MergedSettings): readonly PolicyProblem[] {
  const { values } = merged;
  const found: readonly Told[] = [
    ...merging(values),
    ...models(values),
    ...tools(values),
    ...budgets(merged),
    ...people(values),
    ...pathContradictions(values),
    ...teamContradictions(values),
  ];
  return found.map((told) => ({ kind: 'contradiction', ...told }));
}

function merging({ merge, draft }: Settings): Told[] {
  if (merge !== 'auto' || !draft) return [];
  const message = 'is auto and pull requests are drafts, which GitHub does not merge';
  return [{ settings: ['merge', 'draft'], message, fix: 'set draft: false, or merge: never' }];
}

function models({ model, allowedModels }: Settings): Told[] {
  if (isModelAllowed(allowedModels, model)) return [];
  const message = `is ${model}, which models.allowed does not have (${allowedModels.join(', ')})`;
  return [{ settings: ['model', 'allowedModels'], message, fix: 'choose an allowed model, or allow this one' }];
}

const editingTools: readonly ToolName[] = ['bash', 'edit_file', 'write_file'];

function tools(settings: Settings): Told[] {
  const { allowedTools, deniedTools } = settings;
  const both = allowedTools.find((name) => deniedTools.includes(name));
  const problems: Told[] = [];
  if (both !== undefined) {
    const message = `has ${both}, which tools.denied has too`;
    problems.push({ settings: ['allowedTools', 'deniedTools'], message, fix: `remove ${both} from one of them` });
  }
  if (!editingTools.some((name) => mayUseTool(name, settings))) {
    const first = deniedTools.length > 0 ? 'deniedTools' : 'allowedTools';
    const message = 'leaves an agent nothing that it could change a file with';
    problems.push({ settings: [first], message, fix: `leave it one of ${editingTools.join(', ')}` });
  }
  return problems;
}

/** Only where the repository names the larger limit: a coordinator has others, and the defaults are not in its way. */
function budgets({ values, sources }: MergedSettings): Told[] {
  const { maxCostMicroUsd } = values;
  const limits = [
    ['maxIssueCostMicroUsd', 'an issue'],
    ['maxDayCostMicroUsd', 'a day'],
  ] as const;
  return limits.flatMap(([key, of]) => {
    if (sources[key] === 'default' || values[key] >= maxCostMicroUsd) return [];
    const message = `is ${formatUsd(maxCostMicroUsd)} USD a run and more than ${of} may cost (${formatUsd(values[key])} USD): no run can be started`;
    return [{ settings: ['maxCostMicroUsd', key] as const, message, fix: 'lower the one, or raise the other' }];
  });
}

function people({ who, allowedBots }: Settings): Told[] {
  return commandNames.flatMap((command) =>
    (who[command] ?? []).flatMap((text): Told[] => {
      const entry = readWhoEntry(text);
      if (entry?.kind !== 'login' || !entry.login.endsWith('[bot]')) return [];
      if (command === 'approve') {
        const message = `names ${entry.login}: approving is for people`;
        return [{ settings: ['who'], at: command, message, fix: 'name people, a team or a permission' }];
      }
      if (allowedBots.some((bot) => bot.toLowerCase() === entry.login.toLowerCase())) return [];
      const message = `names ${entry.login}, which is not in allowed-bots and so is never heard`;
      return [{ settings: ['who', 'allowedBots'], at: command, message, fix: `add it to allowed-bots, or remove it` }];
    }),
  );
}
