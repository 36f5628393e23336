import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of this package, from its sources as from its build: the nearest one above that holds `actions/`. */
export function packageRoot(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json')) && existsSync(join(folder, 'actions', 'gate', 'action.yml')))
      return folder;
    if (folder === dirname(folder)) throw new Error(`no package.json with actions/ above ${import.meta.dirname}`);
  }
}
