import type { WorkKind } from './roles/work-kind.ts';

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
  'submit_plan',
  'submit_triage',
  'submit_verification',
  'submit_review',
  'ask',
] as const;

export type ToolName = (typeof toolNames)[number];

/** How each kind of work is handed over. */
export const submitTools = {
  change: 'submit',
  plan: 'submit_plan',
  triage: 'submit_triage',
  verification: 'submit_verification',
  review: 'submit_review',
} as const satisfies Record<WorkKind, ToolName>;

/** How an agent ends its work or says what it lacks: always there, for without them it can only run out. */
export const endingTools: readonly ToolName[] = [...Object.values(submitTools), 'ask'];

/** A reader's questions are part of its result, and a reviewer has nobody to ask: its findings are questions enough. */
const askingKinds: readonly WorkKind[] = ['change', 'plan', 'verification'];

/** Those that end this kind of work; no other ending is offered. */
export function endingToolsOf(work: WorkKind): readonly ToolName[] {
  return [submitTools[work], ...(askingKinds.includes(work) ? (['ask'] as const) : [])];
}

/** Work that changes no file has no tool for it. */
const writingTools: readonly ToolName[] = ['edit_file', 'write_file'];
const readingKinds: readonly WorkKind[] = ['plan', 'triage', 'review'];

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

/** Whether this kind of work has a tool at all, before any policy takes it away. */
export function hasTool(name: ToolName, work: WorkKind): boolean {
  if (endingTools.includes(name)) return endingToolsOf(work).includes(name);
  return !(readingKinds.includes(work) && writingTools.includes(name));
}
