import { readFileSync } from 'node:fs';
import path from 'node:path';
import { tempFolder } from '../../fakes/temp-folder.ts';

export interface StepPlace extends Disposable {
  /** What the runner reads after the step. */
  file(name: 'GITHUB_OUTPUT' | 'GITHUB_STATE' | 'GITHUB_STEP_SUMMARY' | 'GITHUB_ENV'): string;
  readonly folder: string;
}

const names = ['GITHUB_OUTPUT', 'GITHUB_STATE', 'GITHUB_STEP_SUMMARY', 'GITHUB_ENV'] as const;

/** The files that a runner gives a step, and this process's environment as that step has it, until the end of the scope. */
export function stepPlace(variables: Readonly<Record<string, string>> = {}): StepPlace {
  const folder = tempFolder(Object.fromEntries(names.map((name) => [name, ''])));
  const given = { ...Object.fromEntries(names.map((name) => [name, path.join(folder.root, name)])), ...variables };
  const before = Object.fromEntries(Object.keys(given).map((name) => [name, process.env[name]]));
  Object.assign(process.env, given);
  return {
    folder: folder.root,
    file: (name) => readFileSync(path.join(folder.root, name), 'utf8'),
    [Symbol.dispose]() {
      for (const [name, value] of Object.entries(before)) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
      folder[Symbol.dispose]();
    },
  };
}
