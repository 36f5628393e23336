import { randomUUID } from 'node:crypto';
import { EntropyError } from '../../domain/error.ts';
import { deployedOutputs, known, type StepContext } from './step.ts';
import { registerWebhook } from './steps/register.ts';
import { putNewSecret } from './steps/webhook-secret.ts';

export interface RotationReport {
  readonly webhookUrl: string;
  /** Of the secret: the version that counts now. */
  readonly version: string;
  /** An interrupted rotation was ended; no second secret was made. */
  readonly resumed: boolean;
}

/**
 * A new webhook secret without a lost delivery: it becomes the one that counts in Secrets Manager while the old one counts on beside
 * it, and only then GitHub is told. An interrupted rotation is ended, not begun again: a third secret would push the one that GitHub
 * still signs with out of the two. `old`: what was signed with the old one before stays believed, unless it leaked.
 */
export async function rotateWebhookSecret(context: StepContext, old: 'counts-on' | 'retired'): Promise<RotationReport> {
  const { world } = context;
  const { rotation: begun, ...deployment } = known(context.deployment);
  if (deployment.app === undefined) {
    // Before anything is changed: a secret that GitHub is never told would only push the right one back.
    throw new EntropyError({
      code: 'E760',
      message: 'there is no GitHub App whose secret could be changed',
      fix: 'entropy-playground deploy',
    });
  }
  const outputs = await deployedOutputs(context);
  const version = begun ?? randomUUID();
  await world.files.save({ ...deployment, rotation: version });
  const there = (await world.secrets.currentVersion(outputs.webhookSecretId, world.signal)) === version;
  if (!there) await putNewSecret(world, outputs.webhookSecretId, version);
  await registerWebhook(context, outputs);
  if (old === 'retired') await world.secrets.retirePrevious(outputs.webhookSecretId, world.signal);
  await world.files.save(deployment);
  return { webhookUrl: outputs.webhookUrl, version, resumed: begun !== undefined };
}
