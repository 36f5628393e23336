import type { WorkKind } from '../domain/roles/work-kind.ts';
import type { Task } from '../domain/task.ts';
import { hasTool, mayUseTool, type ToolPolicy, toolNames } from '../domain/tool-names.ts';
import type { Tool } from './tool.ts';
import { ask } from './tools/ask.ts';
import { bash } from './tools/bash.ts';
import { checkpoint } from './tools/checkpoint.ts';
import { editFile } from './tools/edit-file.ts';
import { findFiles } from './tools/find-files.ts';
import { readFile } from './tools/read-file.ts';
import { search } from './tools/search.ts';
import { submit, submitAnswers } from './tools/submit.ts';
import { submitPlan } from './tools/submit-plan.ts';
import { submitReview } from './tools/submit-review.ts';
import { submitTriage } from './tools/submit-triage.ts';
import { submitVerification } from './tools/submit-verification.ts';
import { writeFile } from './tools/write-file.ts';

/** All that an agent can do, in the order in which the model reads it. */
export const toolbox: readonly Tool[] = [
  bash,
  readFile,
  search,
  findFiles,
  editFile,
  writeFile,
  checkpoint,
  submit,
  submitPlan,
  submitTriage,
  submitVerification,
  submitReview,
  ask,
];

/** What a task's agent can call: what its kind of work has, without what the policy takes away. */
export function toolsFor({ work, tools, brief }: Pick<Task, 'work' | 'tools' | 'brief'>): readonly Tool[] {
  const answers = brief?.reasons.some(({ kind }) => kind === 'findings') === true;
  return allowed(tools, toolsOf(work)).map((tool) => (answers && tool === submit ? submitAnswers : tool));
}

/** What a kind of work has, without any policy. */
export function toolsOf(work: WorkKind): readonly Tool[] {
  return named(toolbox, (name) => hasTool(name, work));
}

function allowed(policy: ToolPolicy | undefined, tools: readonly Tool[]): readonly Tool[] {
  if (policy === undefined) return tools;
  return named(tools, (name) => mayUseTool(name, policy));
}

function named(tools: readonly Tool[], has: (name: (typeof toolNames)[number]) => boolean): readonly Tool[] {
  const names = toolNames.filter(has);
  return tools.filter(({ spec }) => names.some((name) => name === spec.name));
}

/** What is left where the sandbox runs no commands. */
export function withoutCommands(tools: readonly Tool[]): readonly Tool[] {
  return tools.filter(({ spec }) => spec.name !== bash.spec.name);
}
