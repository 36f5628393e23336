import type { ToolContext, ToolOutcome } from '../../src/agent/tool.ts';
import { toolbox } from '../../src/agent/toolbox.ts';
import { plainSandbox } from './plain-sandbox.ts';

/** A context for one tool call in a folder, with a submission accepted. */
export function toolContext(root: string, change: Partial<ToolContext> = {}): ToolContext {
  return {
    sandbox: plainSandbox(root),
    signal: new AbortController().signal,
    remainingMs: 60_000,
    earlierCallFailed: false,
    judge: async () => ({ kind: 'accepted', output: 'Submitted.' }),
    ...change,
  };
}

/** Calls a tool as the loop does; input that the tool does not take is an error of the test. */
export async function useTool(name: string, input: unknown, context: ToolContext): Promise<ToolOutcome> {
  const prepared = toolbox.find(({ spec }) => spec.name === name)?.prepare(input);
  if (prepared === undefined) throw new Error(`no tool ${name}`);
  if (prepared.kind === 'invalid') throw new Error(prepared.message);
  return await prepared.run(context);
}
