import type { BudgetLimits } from '../budget.ts';
import type { PatchPolicy } from '../patch-policy.ts';
import { mayUseTool, type ToolPolicy, toolNames } from '../tool-names.ts';
import type { RoleDefinition } from './role.ts';

/** What the settings give a run, before its role takes something away. */
export interface RoleLimits {
  readonly budget: BudgetLimits;
  /** Absent: all tools. */
  readonly tools?: ToolPolicy | undefined;
  readonly patchPolicy: PatchPolicy;
}

type Narrowing = Pick<RoleDefinition, 'budget' | 'tools' | 'allowedPaths' | 'protectedPaths'>;

/** What is left of it for a role: never more of anything, whatever its file says. */
export function applyRole({ budget, tools, patchPolicy }: RoleLimits, role: Narrowing): RoleLimits {
  const both = narrowTools(tools, role.tools);
  return {
    budget: narrowBudget(budget, role.budget),
    ...(both && { tools: both }),
    patchPolicy: narrowPaths(patchPolicy, role),
  };
}

/** The smaller of each. */
export function narrowBudget(budget: BudgetLimits, role: Partial<BudgetLimits> = {}): BudgetLimits {
  return {
    maxTurns: Math.min(budget.maxTurns, role.maxTurns ?? budget.maxTurns),
    maxTokens: Math.min(budget.maxTokens, role.maxTokens ?? budget.maxTokens),
    maxCostMicroUsd: Math.min(budget.maxCostMicroUsd, role.maxCostMicroUsd ?? budget.maxCostMicroUsd),
    maxMinutes: Math.min(budget.maxMinutes, role.maxMinutes ?? budget.maxMinutes),
  };
}

/**
 * Only what both give. Written as what is denied: an empty list of allowed tools stands for all of them, so two lists that
 * have nothing in common could not be said in that way.
 */
export function narrowTools(tools: ToolPolicy | undefined, role: ToolPolicy | undefined): ToolPolicy | undefined {
  if (role === undefined) return tools;
  if (tools === undefined) return role;
  const missing = toolNames.filter((name) => !mayUseTool(name, tools) || !mayUseTool(name, role));
  return { allowedTools: [], deniedTools: missing };
}

/** All that either protects; a path must be among what each of them allows. What the repository unprotects is its own to say. */
export function narrowPaths(
  policy: PatchPolicy,
  { allowedPaths, protectedPaths = [] }: Pick<Narrowing, 'allowedPaths' | 'protectedPaths'>,
): PatchPolicy {
  const added = protectedPaths.filter((glob) => !policy.protectedPaths.includes(glob));
  const restricts = allowedPaths !== undefined && allowedPaths.length > 0;
  return {
    ...policy,
    protectedPaths: [...policy.protectedPaths, ...added],
    ...(restricts && { roleAllowedPaths: allowedPaths }),
  };
}
