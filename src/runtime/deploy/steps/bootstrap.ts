import { EntropyError } from '../../../domain/error.ts';
import { type DeployStep, known, type StepContext } from '../step.ts';

/** With 6 came the roles and the bucket that the CDK of today deploys through. */
const oldestVersion = 6;

/** The CDK's own bucket and roles in the account, once for each region. Made only when that was asked for: it is the account's. */
export const bootstrapStep: DeployStep = {
  name: 'bootstrap',
  title: 'CDK bootstrap',
  look: async (context) => {
    const version = await context.world.bootstrapVersion();
    if (version !== undefined && version >= oldestVersion) return { kind: 'done', detail: `version ${version}` };
    const problem = version === undefined ? 'is not bootstrapped for the CDK' : `has bootstrap version ${version}`;
    if (!context.options.bootstrap) {
      throw new EntropyError({
        code: 'E760',
        message: `${place(context)} ${problem}; version ${oldestVersion} or newer is needed`,
        fix: `in the clone: npx cdk bootstrap ${place(context)}   (or let deploy do it: --bootstrap)`,
      });
    }
    return { kind: 'todo', change: `bootstrap ${place(context)}: a bucket, a registry and five roles of the CDK` };
  },
  act: async (context) => {
    const code = await context.world.cdk(['bootstrap', place(context)]);
    const version = await context.world.bootstrapVersion();
    if (code !== 0 || version === undefined) {
      throw new EntropyError({
        code: 'E762',
        message: `cdk bootstrap ended with ${code}`,
        fix: 'read what it says above; it needs rights of an administrator in the account',
      });
    }
    return { detail: `version ${version}`, deployment: known(context.deployment) };
  },
};

function place({ deployment }: StepContext): string {
  const { account, region } = known(deployment);
  return `aws://${account}/${region}`;
}
