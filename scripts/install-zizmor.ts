/** Puts zizmor, which looks for what is unsafe in workflows, into .cache: `node scripts/install-zizmor.ts`. */
import path from 'node:path';
import { findPythonTool, installPythonTool, type PythonTool, pythonToolHint } from './python-tool.ts';

const zizmor: PythonTool = { name: 'zizmor', version: '1.32.0', requirement: 'zizmor', script: 'install-zizmor.ts' };

export const zizmorHint = pythonToolHint(zizmor);

/** The program, which pip puts beside its Python. */
export function findZizmor(): string | undefined {
  const python = findPythonTool(zizmor);
  return python === undefined ? undefined : path.join(path.dirname(python), 'zizmor');
}

if (import.meta.main) installPythonTool(zizmor);
