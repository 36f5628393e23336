import type { KeyObject } from 'node:crypto';
import { EntropyError } from '../../../domain/error.ts';
import { readPrivateKeyText, samePublicKey } from '../private-key.ts';
import { type DeployStep, deployedOutputs, known, type Outputs, outputsOf, type StepContext } from '../step.ts';

/** The App's private key goes into KMS, where it only signs, and is gone from this machine. */
export const appKeyStep: DeployStep = {
  name: 'app-key',
  title: "the App's key",
  look: async (context) => {
    const { world, deployment } = context;
    const outputs = await outputsOf(context);
    if (outputs === undefined) return { kind: 'todo', change: "import the App's private key into KMS" };
    const state = await world.keyImport.state(outputs.appKeyId, world.signal);
    if (state.kind === 'unusable') throw unusable(outputs, state.reason);
    const waiting = await world.files.waitingKey();
    if (state.kind === 'filled' && waiting === undefined)
      return { kind: 'done', detail: `in KMS, ${outputs.appKeyId}` };
    const app = deployment?.app;
    const change =
      state.kind === 'filled'
        ? 'remove the private key from this machine: it is in KMS'
        : `import the private key of the App ${app?.slug ?? ''} into KMS, ${outputs.appKeyId}, and remove it here`;
    return { kind: 'todo', change };
  },
  act: async (context) => {
    const { world } = context;
    const deployment = known(context.deployment);
    const outputs = await deployedOutputs(context);
    const privateKey = await keyAtHand(context, outputs);
    await fill(context, outputs, privateKey);
    const waiting = await world.files.waitingKey();
    if (waiting !== undefined) await world.files.removeKey(waiting.appId);
    return { detail: `in KMS, ${outputs.appKeyId}; nobody reads it again`, deployment };
  },
};

/** Read back before the last copy goes: the public half in KMS must be that of our key. */
async function fill({ world }: StepContext, { appKeyId }: Outputs, privateKey: KeyObject): Promise<void> {
  const { keyImport, signal } = world;
  const before = await keyImport.state(appKeyId, signal);
  const filled = before.kind === 'empty' ? await keyImport.fill(appKeyId, privateKey, signal) : 'filled';
  const after = await keyImport.state(appKeyId, signal);
  const ours = filled === 'filled' && after.kind === 'filled' && samePublicKey(after.publicKey, privateKey);
  if (ours) return;
  throw new EntropyError({
    code: 'E764',
    message: `the KMS key ${appKeyId} holds another private key, and never takes a second one`,
    fix: 'see docs/deploy.md, Another key: the stack makes an empty one. Nothing was removed from this machine',
  });
}

async function keyAtHand(context: StepContext, { appKeyId }: Outputs): Promise<KeyObject> {
  const { world, options } = context;
  const app = known(context.deployment).app;
  const waiting = await world.files.waitingKey();
  if (waiting !== undefined && (app === undefined || waiting.appId === app.id)) {
    return readPrivateKeyText(waiting.pem, 'the kept key');
  }
  if (options.privateKeyFile !== undefined) return world.readPrivateKey(options.privateKeyFile);
  throw new EntropyError({
    code: 'E764',
    message: `the KMS key ${appKeyId} is empty, and the private key of the App is not on this machine`,
    fix: `generate one at ${app?.page ?? "the App's page"} (App settings → Private keys) and name the file: --private-key-file FILE.pem`,
  });
}

function unusable({ appKeyId }: Outputs, reason: string): EntropyError {
  return new EntropyError({
    code: 'E764',
    message: `the KMS key ${appKeyId} cannot take the App's private key: ${reason}`,
    fix: 'enable it, or cancel its deletion, in the console of KMS; then run the same command again',
  });
}
