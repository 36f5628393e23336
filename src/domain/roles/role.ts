import type { BudgetLimits } from '../budget.ts';
import type { ToolPolicy } from '../tool-names.ts';
import type { WorkKind } from './work-kind.ts';

/**
 * A kind of agent, as data: four are shipped, and a file `.github/agents/<name>.md` of the default branch adds one or takes the
 * place of a shipped one. It can only narrow what the repository allows: fewer tools, less money, fewer paths.
 */
export interface RoleDefinition {
  /** `reviewer`: lower-case words with dashes; labels, commands and comments name it so. */
  readonly name: string;
  /** One line for people: what it is good for. */
  readonly description: string;
  /** What it can hand over, the usual one first; never empty. */
  readonly results: readonly [WorkKind, ...WorkKind[]];
  /** How it works, for the model: markdown from us or from the default branch, trusted like the repository's instructions. */
  readonly instructions: string;
  /** Besides those that end its work, which follow from what it hands over. Absent: all that the repository gives. */
  readonly tools?: ToolPolicy;
  /** Absent: the one of the settings. */
  readonly model?: string;
  /** Each value only where it is below the repository's. */
  readonly budget?: Partial<BudgetLimits>;
  /** Globs, as in the settings: when given, a change of this role touches nothing else. */
  readonly allowedPaths?: readonly string[];
  /** Globs that it may not touch, besides the repository's. */
  readonly protectedPaths?: readonly string[];
  /** Where it is from: shipped with this program, or a file of the repository. */
  readonly source: 'shipped' | { readonly path: string };
}

/** As much of a role as its task carries: resolved at the gate, from what is shipped or from the default branch. */
export interface TaskRole {
  readonly name: string;
  readonly description: string;
  /** Trusted, like the repository's own instructions. */
  readonly instructions: string;
}

export function taskRole({ name, description, instructions }: RoleDefinition): TaskRole {
  return { name, description, instructions };
}

/** The role that works where nobody names one. */
export const defaultRole = 'coder';

/** `coder`, `security-reviewer`. */
export const roleNamePattern = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
export const longestRoleName = 40;

/** What a name of a role is, to follow the name in a sentence. */
export const roleNameRule =
  'is not the name of a role: lower-case words joined by dashes, such as coder or security-reviewer';

export function isRoleName(text: string): boolean {
  return text.length <= longestRoleName && roleNamePattern.test(text);
}
