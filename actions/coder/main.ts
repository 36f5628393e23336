// Main, post and worker are one bundle: a word tells which.
import { isPost } from '../../src/runtime/close-state.ts';

if (process.argv[2] === 'worker') {
  const { runWorker } = await import('../../src/runtime/worker.ts');
  await runWorker();
} else if (process.argv[2] === 'egress') {
  const { serveEgress } = await import('../../src/adapters/egress/serve-egress.ts');
  await serveEgress();
} else {
  const { runAction } = await import('../../src/runtime/action-io.ts');
  const { coderPost } = await import('../../src/runtime/coder-post.ts');
  const { coderAction } = await import('../../src/runtime/coder-action.ts');
  await runAction(isPost() ? coderPost : coderAction);
}
