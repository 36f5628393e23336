import type { StackState } from '../../../adapters/aws/stacks.ts';
import { type Deployment, type Release, withRelease } from '../../../domain/deployment.ts';
import { EntropyError } from '../../../domain/error.ts';
import { version } from '../../version.ts';
import { type DeployStep, deployedOutputs, known, type StepContext } from '../step.ts';

/** So many are kept on this machine to go back to. */
const keptReleases = 5;

/**
 * Bundles the functions, makes the template, and lets the CDK bring the stack to it. What was made is kept as a release, so that
 * it can be deployed again as it was. The CDK leaves alone what did not change.
 */
export const stackStep: DeployStep = {
  name: 'stack',
  title: 'stack',
  look: async ({ world, options }) => {
    const stack = await world.stacks.find(options.stack, world.signal);
    refuseBusy(options.stack, stack);
    const change = stack === undefined ? 'make' : `bring up to date (now ${stack.status})`;
    return { kind: 'todo', change: `${change} the stack ${options.stack} with version ${version}` };
  },
  act: async (context) => {
    const { world, options, note } = context;
    const release = newRelease(context);
    const folder = world.files.releaseFolder(release.id);
    const settings = ['--context', `settings=${world.files.settingsFile}`];
    note('bundling the functions, making the template');
    await orFail(world.cdk(['synth', options.stack, '--quiet', '--output', folder, ...settings]), 'cdk synth');
    const begun = withRelease(known(context.deployment), release);
    await world.files.save(begun);
    return deployRelease(context, begun, release);
  },
};

/** Deploys what lies in the release's folder; also the way back to an earlier one. */
export async function deployRelease(context: StepContext, begun: Deployment, release: Release) {
  const { world, options, note } = context;
  note(`deploying ${options.stack}, release ${release.id}: some minutes, the first time`);
  const app = world.files.releaseFolder(release.id);
  const always = ['--require-approval', 'never', '--progress', 'events'];
  await orFail(world.cdk(['deploy', options.stack, '--app', app, ...always]), 'cdk deploy');
  const { table, webhookUrl, apiUrl } = await deployedOutputs(context);
  const ended = { ...release, deployedAt: new Date(world.clock.now()).toISOString() };
  const deployment = { ...withRelease(begun, ended), tableName: table, webhookUrl, apiUrl };
  return { detail: `release ${release.id}`, deployment: await withoutOldReleases(context, deployment) };
}

function newRelease({ world }: StepContext): Release {
  const commit = world.clone.kind === 'clone' ? world.clone.commit : 'unknown';
  const moment = new Date(world.clock.now()).toISOString().replace(/[-:]|\.\d{3}/g, '');
  return { id: `${version}-${commit.slice(0, 7)}-${moment}`, version, commit };
}

async function withoutOldReleases({ world }: StepContext, deployment: Deployment): Promise<Deployment> {
  const deployed = deployment.releases.filter(({ deployedAt }) => deployedAt !== undefined);
  const releases = deployed.slice(-keptReleases);
  for (const id of await world.files.keptReleases()) {
    if (!releases.some((release) => release.id === id)) await world.files.removeRelease(id);
  }
  return { ...deployment, releases };
}

async function orFail(ending: Promise<number>, what: string): Promise<void> {
  const code = await ending;
  if (code === 0) return;
  throw new EntropyError({
    code: 'E762',
    message: `${what} ended with ${code}`,
    fix: 'read what it says above, mend it, and run the same command again: what was done is not done twice',
  });
}

function refuseBusy(name: string, stack: StackState | undefined): void {
  if (stack === undefined || !stack.status.endsWith('_IN_PROGRESS')) return;
  throw new EntropyError({
    code: 'E762',
    message: `the stack ${name} is being changed at this moment (${stack.status})`,
    fix: 'wait until CloudFormation is through, then run the same command again',
    retryable: true,
  });
}
