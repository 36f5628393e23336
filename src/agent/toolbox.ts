import { mayUseTool, type ToolPolicy, toolNames } from '../domain/tool-names.ts';
import type { Tool } from './tool.ts';
import { ask } from './tools/ask.ts';
import { bash } from './tools/bash.ts';
import { checkpoint } from './tools/checkpoint.ts';
import { editFile } from './tools/edit-file.ts';
import { findFiles } from './tools/find-files.ts';
import { readFile } from './tools/read-file.ts';
import { search } from './tools/search.ts';
import { submit } from './tools/submit.ts';
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
  ask,
];

/** What is left of the toolbox by a repository's policy; all of it without one. */
export function toolsFor(policy: ToolPolicy | undefined): readonly Tool[] {
  if (policy === undefined) return toolbox;
  const names = toolNames.filter((name) => mayUseTool(name, policy));
  return toolbox.filter(({ spec }) => names.some((name) => name === spec.name));
}

/** What is left where the sandbox runs no commands. */
export function withoutCommands(tools: readonly Tool[]): readonly Tool[] {
  return tools.filter(({ spec }) => spec.name !== bash.spec.name);
}
