import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { currentRelease, type Deployment, type Release } from '../../domain/deployment.ts';
import { EntropyError } from '../../domain/error.ts';
import { lostByGoingBack } from '../../domain/release-templates.ts';
import { known, type StepContext, type StepDone } from './step.ts';
import { deployRelease } from './steps/stack.ts';

/**
 * Deploys an earlier release as it was made then: functions, alarms and rights go back. Data does not, and nothing that holds data
 * or finds it is taken away, so a release from before an index of the table is refused.
 */
export async function rollBack(context: StepContext, to: string): Promise<StepDone> {
  const { world, options } = context;
  const deployment = known(context.deployment);
  const release = await keptRelease(context, deployment, to);
  if (currentRelease(deployment)?.id === release.id) {
    throw refused(`${release.id} is the release of now`, 'name an earlier one: entropy-playground deploy status');
  }
  const file = join(world.files.releaseFolder(release.id), `${options.stack}.template.json`);
  const older = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw refused(`the release ${release.id} is damaged: ${file} cannot be read`, checkOut(release), cause);
  });
  const newer = await world.stacks.template(options.stack, world.signal);
  const lost = newer === undefined ? [] : lostByGoingBack(newer, older);
  if (lost.length > 0) {
    throw refused(
      `${release.id} is from before the data of now: ${lost.join('; ')}`,
      'roll forward: mend and deploy again',
    );
  }
  const done = await deployRelease(context, deployment, release);
  await world.files.save(done.deployment);
  return done;
}

async function keptRelease({ world }: StepContext, { releases }: Deployment, to: string): Promise<Release> {
  const kept = await world.files.keptReleases();
  const here = releases.filter(({ id }) => kept.includes(id));
  const [found, another] = here.filter(
    ({ id, version, commit }) => id === to || version === to || commit.startsWith(to),
  );
  const exact = here.find(({ id }) => id === to) ?? (another === undefined ? found : undefined);
  if (exact !== undefined) return exact;
  const listed = here.map(({ id }) => id).join(', ') || 'none';
  const message = another === undefined ? `no release ${to} is kept here` : `${to} names more than one release`;
  throw refused(message, `kept are: ${listed}. For others: git checkout v${to}, npm ci, entropy-playground deploy`);
}

function checkOut({ version }: Release): string {
  return `git checkout v${version}, npm ci, entropy-playground deploy`;
}

function refused(message: string, fix: string, cause?: unknown): EntropyError {
  return new EntropyError({ code: 'E765', message, fix, ...(cause !== undefined && { cause }) });
}
