import { isDeepStrictEqual } from 'node:util';
import { parseAllowedOwner, pinnedOwners } from '../../../domain/access/allowed-owner.ts';
import { describeError, EntropyError } from '../../../domain/error.ts';
import { cloudServer } from '../../../domain/github-server.ts';
import { type DeployStep, known, outputsOf, type StepContext } from '../step.ts';

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
    const { wanted } = await settings(context);
    await files.writeSettings(wanted);
    const byName = unpinned(ownersIn(wanted));
    if (byName.length > 0) {
      context.note(
        `trusted by name, whoever bears it: ${byName.join(', ')}; once the App is installed there, deploy again`,
      );
    }
    return { detail: files.settingsFile, deployment: known(context.deployment) };
  },
};

async function settings(context: StepContext) {
  const { world, options, deployment } = context;
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
  const owners = ownersIn(wanted);
  if (owners === undefined || unpinned(owners).length === 0) return { before, wanted };
  return { before, wanted: { ...wanted, owners: pinnedOwners(owners, await knownOwners(context, owners)) } };
}

/** As the CDK app reads them; what is neither text nor a list of texts it refuses. */
function ownersIn({ owners }: Readonly<Record<string, unknown>>): readonly string[] | undefined {
  if (typeof owners === 'string') return owners.split(',').map((owner) => owner.trim());
  return Array.isArray(owners) && owners.every((owner) => typeof owner === 'string') ? owners : undefined;
}

function unpinned(owners: readonly string[] = []): readonly string[] {
  return owners.filter((text) => parseAllowedOwner(text)?.id === undefined);
}

/** Numbers of owners by GitHub's word: whose App it is, and who installed it, as soon as the stack can sign the question. */
async function knownOwners(context: StepContext, owners: readonly string[]) {
  const { app } = known(context.deployment);
  if (app === undefined) return [];
  const own = app.ownerId === undefined ? [] : [{ login: app.owner, id: String(app.ownerId) }];
  if (unpinned(pinnedOwners(owners, own)).length === 0) return own;
  return [...own, ...(await installedOwners(context, app))];
}

async function installedOwners(context: StepContext, app: { readonly id: number; readonly slug: string }) {
  const { world, note } = context;
  try {
    const outputs = await outputsOf(context);
    if (outputs === undefined) return [];
    if ((await world.keyImport.state(outputs.appKeyId, world.signal)).kind !== 'filled') return [];
    const accounts = await world.asApp(app, world.appKey(outputs.appKeyId)).installedFor();
    return accounts.flatMap(({ login, id }) => (id === undefined ? [] : [{ login, id: String(id) }]));
  } catch (error) {
    if (!(error instanceof EntropyError)) throw error;
    note(`who installed the App could not be asked: ${describeError(error)}`);
    return [];
  }
}
