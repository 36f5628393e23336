/** Puts moto, a stand-in for AWS's APIs, into .cache unless it is there: `node scripts/install-moto.ts`. */
import { findPythonTool, installPythonTool, type PythonTool, pythonToolHint } from './python-tool.ts';

const moto: PythonTool = {
  name: 'moto',
  version: '5.2.1',
  requirement: 'moto[server]',
  script: 'install-moto.ts',
};

export const motoHint = pythonToolHint(moto);

/** The Python that has it. */
export function findMoto(): string | undefined {
  return findPythonTool(moto);
}

if (import.meta.main) installPythonTool(moto);
