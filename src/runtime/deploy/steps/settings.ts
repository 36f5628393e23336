import { isDeepStrictEqual } from 'node:util';
import { cloudServer } from '../../../domain/github-server.ts';
import { type DeployStep, known, type StepContext } from '../step.ts';

/**
 * `entropy.stack.json`, which the CDK app reads and checks: what is known here is set, what people wrote stays. It holds no
 * secret and may be committed.
 */
export const settingsStep: DeployStep = {
  name: 'settings',
  title: 'settings',
  look: async (context) => {
    const { before, wanted } = await settings(context);
    const { settingsFile } = context.world.files;
    if (isDeepStrictEqual(before, wanted)) return { kind: 'done', detail: settingsFile };
    const changed = Object.keys(wanted).filter((key) => !isDeepStrictEqual(before?.[key], wanted[key]));
    const told = changed.map((key) => `${key} ${JSON.stringify(wanted[key])}`).join(', ');
    return { kind: 'todo', change: `write ${settingsFile}: ${told}` };
  },
  act: async (context) => {
    const { files } = context.world;
    await files.writeSettings((await settings(context)).wanted);
    return { detail: files.settingsFile, deployment: known(context.deployment) };
  },
};

async function settings({ world, options, deployment }: StepContext) {
  const before = await world.files.readSettings();
  const app = deployment?.app;
  const { githubServerUrl, stack } = options;
  const wanted: Readonly<Record<string, unknown>> = {
    ...before,
    stackName: stack,
    ...(githubServerUrl !== cloudServer && { githubServerUrl }),
    ...(app !== undefined && { githubAppId: app.id, owners: before?.['owners'] ?? [app.owner] }),
    ...options.settings,
  };
  return { before, wanted };
}
