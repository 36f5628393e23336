/** Puts schemathesis, which tests an API by its own OpenAPI document, into .cache: `node scripts/install-schemathesis.ts`. */
import { findPythonTool, installPythonTool, type PythonTool, pythonToolHint } from './python-tool.ts';

const schemathesis: PythonTool = {
  name: 'schemathesis',
  version: '4.32.5',
  requirement: 'schemathesis',
  script: 'install-schemathesis.ts',
};

export const schemathesisHint = pythonToolHint(schemathesis);

/** The Python that has it. */
export function findSchemathesis(): string | undefined {
  return findPythonTool(schemathesis);
}

if (import.meta.main) installPythonTool(schemathesis);
