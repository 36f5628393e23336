import { FakeForge } from '../fakes/fake-forge.ts';
import { embeddedForge } from './embedded-forge.fixture.ts';
import { forgeContract } from './forge.contract.ts';

const files = { 'README.md': '# slug\n', 'src/a.txt': 'one\n' };

forgeContract('the forge in memory', async () => {
  const forge = new FakeForge({ files, permissions: { alice: 'admin', carol: 'read' } });
  return {
    forge,
    openIssue: async (author, issue) => forge.seedIssue({ author, ...issue }),
    commentAs: async (login, issue, body) => forge.seedComment(issue, body, login).id,
    startRun: async () => {
      forge.runs.set(7, { id: 7, attempt: 1, status: 'in_progress', conclusion: null });
      return 7;
    },
    endRun: async (id) => {
      forge.runs.set(id, { id, attempt: 1, status: 'completed', conclusion: 'cancelled' });
    },
    [Symbol.asyncDispose]: async () => {},
  };
});

forgeContract('GitHub, embedded,', () => embeddedForge(files));
