import { runProcess } from '../process/run-process.ts';
import { BuiltinFailure, type BuiltinStep } from './builtin-step.ts';

/** actions/setup-node: nothing is downloaded; the Node on PATH is used, with a warning when another one was asked for. */
export async function setUpNode({ step, inputs }: BuiltinStep): Promise<void> {
  const { job } = step.frame;
  let version = '';
  const end = await runProcess({
    file: 'node',
    args: ['--version'],
    cwd: job.folders.workspace,
    env: { PATH: job.services.env['PATH'] ?? '' },
    onLine: (line) => {
      if (version === '') version = line.trim();
    },
    clock: job.services.clock,
    signal: step.signal,
    killSignal: job.killSignal,
    onStart: (pid) => job.sessions.push(pid),
  });
  if (end.kind !== 'exited' || end.exitCode !== 0) throw new BuiltinFailure('There is no node on PATH');
  step.outputs['node-version'] = version;
  step.outputs['cache-hit'] = 'false';
  step.channel.log.write(`node ${version} from PATH`);
  const wanted = /^v?(\d+)/.exec(inputs['node-version'] ?? '')?.[1];
  const differs = wanted !== undefined && !version.startsWith(`v${wanted}.`);
  if (differs)
    step.channel.annotate(
      'warning',
      `node ${inputs['node-version']} was asked for; the local runner uses ${version} from PATH.`,
    );
}
