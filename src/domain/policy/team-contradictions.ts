import { commandTable } from '../command-table.ts';
import { isModelAllowed } from '../model-policy.ts';
import type { SettingKey, Settings } from '../settings.ts';
import { stageCommands } from '../stages/stage.ts';
import type { PolicyProblem } from './policy-problem.ts';

type Told = Omit<PolicyProblem, 'kind'>;

/** Stages that nobody could walk, and roles that are never worked in. */
export function teamContradictions(settings: Settings): readonly Told[] {
  return [...stagesWithoutCode(settings), ...missingRoles(settings), ...idleModels(settings)];
}

function stagesWithoutCode({ teamStages }: Settings): Told[] {
  if (teamStages.length === 0 || teamStages.includes('code')) return [];
  const message = `is [${teamStages.join(', ')}], without code: fix would change nothing, and there would be nothing to look at`;
  return [{ settings: ['teamStages'], message, fix: 'add code, or leave team.stages out' }];
}

/** What the settings ask for by itself, with the role that does it. */
function missingRoles({ allowedRoles, teamStages, automaticReview, automaticTriage }: Settings): Told[] {
  if (allowedRoles.length === 0) return [];
  const wanted: readonly (readonly [SettingKey, string, string | undefined])[] = [
    ...teamStages.map((stage) => ['teamStages', stage, commandTable[stageCommands[stage]].work?.role] as const),
    ...(automaticReview === 'never' ? [] : [['automaticReview', 'review', commandTable.review.work?.role] as const]),
    ...(automaticTriage === 'never' ? [] : [['automaticTriage', 'triage', commandTable.triage.work?.role] as const]),
  ];
  return wanted.flatMap(([key, what, role]) => {
    if (role === undefined || allowedRoles.includes(role)) return [];
    const message = `asks for ${what}, whose role ${role} roles.allowed does not have (${allowedRoles.join(', ')})`;
    return [
      { settings: [key, 'allowedRoles'] as const, message, fix: `add ${role} to roles.allowed, or leave ${what} out` },
    ];
  });
}

function idleModels({ roleModels, allowedRoles, allowedModels }: Settings): Told[] {
  return Object.entries(roleModels).flatMap(([role, model]): Told[] => {
    if (!isModelAllowed(allowedModels, model)) {
      const message = `is ${model}, which models.allowed does not have (${allowedModels.join(', ')})`;
      return [
        {
          settings: ['roleModels', 'allowedModels'],
          at: role,
          message,
          fix: 'choose an allowed model, or allow this one',
        },
      ];
    }
    if (allowedRoles.length === 0 || allowedRoles.includes(role)) return [];
    const message = `is for a role that roles.allowed does not have (${allowedRoles.join(', ')})`;
    return [
      { settings: ['roleModels', 'allowedRoles'], at: role, message, fix: `allow ${role}, or leave its model out` },
    ];
  });
}
