/** What the model can call, by the names that it reads; `src/agent/toolbox.ts` holds one tool for each. */
export const toolNames = [
  'bash',
  'read_file',
  'search',
  'find_files',
  'edit_file',
  'write_file',
  'checkpoint',
  'submit',
  'ask',
] as const;

export type ToolName = (typeof toolNames)[number];

/** How an agent ends its work or says what it lacks: always there, for without them it can only run out. */
export const endingTools: readonly ToolName[] = ['submit', 'ask'];

export interface ToolPolicy {
  /** When not empty, only these besides the ending ones. */
  readonly allowedTools: readonly ToolName[];
  /** Stronger than `allowedTools`. */
  readonly deniedTools: readonly ToolName[];
}

export function mayUseTool(name: ToolName, { allowedTools, deniedTools }: ToolPolicy): boolean {
  if (endingTools.includes(name)) return true;
  if (deniedTools.includes(name)) return false;
  return allowedTools.length === 0 || allowedTools.includes(name);
}
