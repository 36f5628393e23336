/** A process that opens a sandbox with the shipped way out, says `open`, and stays: `node egress-child.ts WORKSPACE`. */
import { egressProcess } from '../../src/adapters/egress/egress-process.ts';
import { bubblewrapSandbox } from '../../src/adapters/linux-namespaces/bubblewrap.ts';
import { defaultSandboxLimits } from '../../src/ports/sandbox.ts';
import { ownEgressCommand } from '../../src/runtime/own-worker.ts';

const sandbox = await bubblewrapSandbox(egressProcess([...ownEgressCommand(), process.argv[3] ?? ''])).open({
  workspace: process.argv[2] ?? '',
  network: { kind: 'allowed', hosts: ['packages.example'], services: [] },
  limits: defaultSandboxLimits,
  env: {},
  hostPath: process.env['PATH'] ?? '',
});
console.log('open', sandbox.description);
setInterval(() => undefined, 1000);
