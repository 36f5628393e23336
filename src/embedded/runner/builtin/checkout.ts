import path from 'node:path';
import type { CheckoutRequest } from '../run-options.ts';
import { BuiltinFailure, type BuiltinStep, flag, lines } from './builtin-step.ts';

/** actions/checkout: who owns the repositories does the work; what is asked for is worked out here. */
export async function checkOut({ step, inputs, displayName }: BuiltinStep): Promise<void> {
  const { job } = step.frame;
  const request = checkoutRequest(inputs, {
    workspace: job.folders.workspace,
    ownRepository: String(job.github['repository']),
    ownRef: String(job.github['sha'] || job.github['ref']),
  });
  const result = await job.services.resolve.checkout(request, step.signal);
  step.outputs['ref'] = inputs['ref'] || String(request.ref ?? '');
  step.outputs['commit'] = result.commit;
  step.channel.log.write(`${request.repository} at ${result.commit} in ${request.path}`);
  const { cleanUp } = result;
  if (cleanUp === undefined) return;
  job.posts.push({
    name: `Post ${displayName}`,
    condition: 'always()',
    frame: step.frame,
    action: step.action,
    env: undefined,
    state: step.state,
    run: async () => {
      await cleanUp();
      return 'success';
    },
  });
}

interface CheckoutPlace {
  readonly workspace: string;
  readonly ownRepository: string;
  readonly ownRef: string;
}

function checkoutRequest(inputs: Readonly<Record<string, string>>, place: CheckoutPlace): CheckoutRequest {
  const repository = inputs['repository'] ?? '';
  if (!/^[^/\s]+\/[^/\s]+$/.test(repository)) {
    throw new BuiltinFailure(`Invalid repository '${repository}'. Expected format {owner}/{repo}.`);
  }
  const target = path.resolve(place.workspace, inputs['path'] ?? '');
  if (target !== place.workspace && !target.startsWith(`${place.workspace}${path.sep}`)) {
    throw new BuiltinFailure(`Repository path '${target}' is not under '${place.workspace}'`);
  }
  const fetchDepth = Number(inputs['fetch-depth']);
  const isOwn = repository.toLowerCase() === place.ownRepository.toLowerCase();
  return {
    repository,
    ref: inputs['ref'] || (isOwn ? place.ownRef : undefined),
    path: target,
    token: inputs['token'] ?? '',
    persistCredentials: flag(inputs, 'persist-credentials'),
    // What is no number means everything, as in the action itself.
    fetchDepth: Number.isInteger(fetchDepth) && fetchDepth > 0 ? fetchDepth : 0,
    fetchTags: flag(inputs, 'fetch-tags'),
    sparse: lines(inputs['sparse-checkout']),
    sparseMode: flag(inputs, 'sparse-checkout-cone-mode') ? 'cone' : 'patterns',
    clean: flag(inputs, 'clean'),
  };
}
