import { openWorkspace } from '../../src/adapters/git/open-workspace.ts';
import { workspaceContract } from './workspace.contract.ts';

workspaceContract({
  name: 'a git workspace',
  open: ({ root, temp }) => openWorkspace({ root, tempDir: temp, signal: AbortSignal.timeout(30_000) }),
});
