import type { SandboxProvider } from '../../ports/sandbox.ts';
import { type HostSandbox, openOnHost } from './host-sandbox.ts';

/**
 * No sandbox: what the agent runs can do all that this user can. It is no rung that a ladder comes down to; a person has
 * to ask for it by name, and everything that comes of it says so.
 */
export function noSandbox(): SandboxProvider<HostSandbox> {
  return {
    rung: 'none',
    probe: async () => ({ kind: 'available', version: '' }),
    open: (options) => openOnHost(options, () => ({ rung: 'none', description: 'NO SANDBOX, on the machine itself' })),
  };
}
