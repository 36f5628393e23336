// The action's process, which becomes the broker, and its worker are one bundle: the worker is started with a word.
if (process.argv[2] === 'worker') {
  const { runWorker } = await import('../../src/runtime/worker.ts');
  await runWorker();
} else if (process.argv[2] === 'egress') {
  const { serveEgress } = await import('../../src/adapters/egress/serve-egress.ts');
  await serveEgress();
} else {
  const { runAction } = await import('../../src/runtime/action-io.ts');
  const { agentAction } = await import('../../src/runtime/agent-action.ts');
  await runAction(agentAction);
}
