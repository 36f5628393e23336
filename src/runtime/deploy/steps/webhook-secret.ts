import { randomBytes, randomUUID } from 'node:crypto';
import type { DeployWorld } from '../deploy-world.ts';
import { type DeployStep, deployedOutputs, known, outputsOf } from '../step.ts';

/** As many hexadecimal digits as GitHub takes bytes for its HMAC. */
const secretBytes = 32;
const shortest = 32;

/** The secret by which GitHub's webhooks are believed. It never leaves Secrets Manager but for GitHub. */
export const webhookSecretStep: DeployStep = {
  name: 'webhook-secret',
  title: 'webhook secret',
  look: async (context) => {
    const outputs = await outputsOf(context);
    if (outputs === undefined) return { kind: 'todo', change: 'make a webhook secret in Secrets Manager' };
    const there = await longEnough(context.world, outputs.webhookSecretId);
    if (there) return { kind: 'done', detail: 'in Secrets Manager' };
    return { kind: 'todo', change: `put a new value into the secret ${outputs.webhookSecretId}` };
  },
  act: async (context) => {
    const { webhookSecretId } = await deployedOutputs(context);
    await putNewSecret(context.world, webhookSecretId);
    return { detail: 'made, in Secrets Manager', deployment: known(context.deployment) };
  },
};

/** A new random value becomes the one that counts; the one before counts on beside it. `version` names it. */
export async function putNewSecret(
  world: DeployWorld,
  secretId: string,
  version: string = randomUUID(),
): Promise<void> {
  await world.secrets.put(secretId, randomBytes(secretBytes).toString('hex'), version, world.signal);
}

async function longEnough({ secrets, signal }: DeployWorld, secretId: string): Promise<boolean> {
  return ((await secrets.current(secretId, signal)) ?? '').length >= shortest;
}
