import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { JsonObject } from '../json.ts';

/** Where one job works; nothing of it is shared with another job. */
export interface JobFolders {
  /** `GITHUB_WORKSPACE`. */
  readonly workspace: string;
  /** `RUNNER_TEMP`. */
  readonly temp: string;
  readonly toolCache: string;
  /** The command files and scripts; inside `temp`, as on GitHub's runner. */
  readonly commands: string;
  readonly eventPath: string;
}

export interface JobFoldersRequest {
  readonly root: string;
  readonly repositoryName: string;
  readonly payload: JsonObject;
}

export function createJobFolders(request: JobFoldersRequest): JobFolders {
  const { root, repositoryName } = request;
  const temp = path.join(root, '_temp');
  const folders = {
    workspace: path.join(root, repositoryName, repositoryName),
    temp,
    toolCache: path.join(root, '_tool'),
    commands: path.join(temp, '_runner_file_commands'),
    eventPath: path.join(temp, '_github_workflow', 'event.json'),
  };
  for (const folder of [folders.workspace, folders.toolCache, folders.commands, path.dirname(folders.eventPath)]) {
    mkdirSync(folder, { recursive: true });
  }
  writeFileSync(folders.eventPath, JSON.stringify(request.payload, null, 2));
  return folders;
}
