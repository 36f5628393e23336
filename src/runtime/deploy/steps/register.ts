import { EntropyError } from '../../../domain/error.ts';
import { type DeployStep, deployedOutputs, known, type Outputs, outputsOf, type StepContext } from '../step.ts';

/**
 * Tells GitHub where its webhooks go, and the secret. GitHub never shows the secret that it has, so this is always done: what was
 * right stays right.
 */
export const registerStep: DeployStep = {
  name: 'register',
  title: 'webhook',
  look: async (context) => {
    const outputs = await outputsOf(context);
    const change = outputs === undefined ? 'the stack, with its secret' : `${outputs.webhookUrl}, with its secret`;
    return { kind: 'todo', change: `let GitHub send the App's webhooks to ${change}` };
  },
  act: async (context) => {
    const outputs = await deployedOutputs(context);
    await registerWebhook(context, outputs);
    const { webhookUrl, apiUrl } = outputs;
    return { detail: webhookUrl, deployment: { ...known(context.deployment), webhookUrl, apiUrl } };
  },
};

/** The address and the secret of now. Also what a rotation ends with. */
export async function registerWebhook({ world, deployment }: StepContext, outputs: Outputs): Promise<void> {
  const app = known(deployment).app;
  const secret = await world.secrets.current(outputs.webhookSecretId, world.signal);
  if (app === undefined || secret === undefined) {
    throw new EntropyError({
      code: 'E760',
      message: `there is no ${app === undefined ? 'GitHub App' : 'webhook secret'} to register`,
      fix: 'entropy-playground deploy',
    });
  }
  const settings = world.asApp(app, world.appKey(outputs.appKeyId));
  await settings.setHook({ url: outputs.webhookUrl, secret });
}
