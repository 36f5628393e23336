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
