import type { Deployment } from '../../../domain/deployment.ts';
import { EntropyError } from '../../../domain/error.ts';
import type { DeployStep, StepContext } from '../step.ts';

/** Whose credentials these are and where; a deployment stays in its account and region. Changes nothing. */
export const accountStep: DeployStep = {
  name: 'account',
  title: 'AWS account',
  look: async (context) => {
    const { deployment, detail } = await identify(context);
    return { kind: 'done', detail, deployment };
  },
  act: identify,
};

async function identify({ world, options, deployment: before }: StepContext) {
  const { region } = world;
  if (region === undefined) {
    throw new EntropyError({
      code: 'E760',
      message: 'no AWS region is set',
      fix: 'name it: --region eu-central-1, AWS_REGION, or `aws configure set region …`',
    });
  }
  const { account, arn } = await world.identity();
  const elsewhere = before !== undefined && (before.account !== account || before.region !== region);
  if (elsewhere) {
    throw new EntropyError({
      code: 'E763',
      message: `the stack ${before.stack} of this clone is in account ${before.account}, region ${before.region}; the credentials are of account ${account}, region ${region}`,
      fix: 'use the credentials (--profile) and the --region of the first, or another --stack name for a second one',
    });
  }
  const deployment: Deployment = before ?? { schema: 1, stack: options.stack, account, region, releases: [] };
  return { detail: `${account} in ${region} as ${arn.split(':').slice(5).join(':')}`, deployment };
}
