import type { ActionIo } from '../../src/runtime/action-io.ts';

export interface MemoryActionIo extends ActionIo {
  readonly told: {
    readonly outputs: Record<string, string>;
    readonly state: Record<string, string>;
    readonly summaries: string[];
    readonly notices: string[];
    readonly warnings: string[];
    readonly failures: string[];
    readonly masked: string[];
  };
}

/** What an action says to its runner, kept. */
export function memoryActionIo(): MemoryActionIo {
  const told: MemoryActionIo['told'] = {
    outputs: {},
    state: {},
    summaries: [],
    notices: [],
    warnings: [],
    failures: [],
    masked: [],
  };
  return {
    told,
    outputs: async (values) => void Object.assign(told.outputs, values),
    summary: async (markdown) => void told.summaries.push(markdown),
    saveState: async (name, value) => void Object.assign(told.state, { [name]: value }),
    notice: async (message) => void told.notices.push(message),
    warning: async (message) => void told.warnings.push(message),
    fail: async (message) => void told.failures.push(message),
    secretOutput: async (name, value) => void Object.assign(told.outputs, { [name]: value }),
    mask: async (secret) => void told.masked.push(secret),
  };
}
