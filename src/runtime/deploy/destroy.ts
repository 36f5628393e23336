import type { StackResource } from '../../adapters/aws/stacks.ts';
import { EntropyError } from '../../domain/error.ts';
import { retainedResources } from '../../domain/release-templates.ts';
import type { StepContext } from './step.ts';

/** What outlives the stack: table, audit and their key, unless the settings say otherwise. */
export async function whatStays({ world, options }: StepContext): Promise<readonly StackResource[]> {
  const template = await world.stacks.template(options.stack, world.signal);
  if (template === undefined) {
    throw new EntropyError({
      code: 'E760',
      message: `there is no stack ${options.stack} in ${world.region ?? 'this region'}`,
      fix: 'name another one with --stack or --region',
    });
  }
  const retained = new Set(retainedResources(template));
  const resources = await world.stacks.resources(options.stack, world.signal);
  return resources.filter(({ logicalId }) => retained.has(logicalId));
}

/** Takes the stack away. What was deployed is forgotten here; the App on GitHub and what stays in AWS are a person's to remove. */
export async function destroyStack({ world, options, deployment }: StepContext): Promise<void> {
  const settings = ['--context', `settings=${world.files.settingsFile}`];
  const code = await world.cdk(['destroy', options.stack, '--force', ...settings]);
  if (code !== 0) {
    throw new EntropyError({
      code: 'E762',
      message: `cdk destroy ended with ${code}`,
      fix: 'read what it says above; the same command goes on with what is left',
    });
  }
  if (deployment === undefined) return;
  const { tableName: _table, webhookUrl: _webhook, apiUrl: _api, rotation: _rotation, ...rest } = deployment;
  await world.files.save(rest);
}
