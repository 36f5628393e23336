import { randomBytes } from 'node:crypto';
import type { AppInfo } from '../../../adapters/github/app-settings.ts';
import type { DeployedApp } from '../../../domain/deployment.ts';
import { EntropyError } from '../../../domain/error.ts';
import { type AppOwner, appNameLimit, missingOfApp } from '../../../domain/github-app.ts';
import { localAppKey, readPrivateKeyText } from '../private-key.ts';
import { type DeployStep, known, outputsOf, type StepContext, type StepDone } from '../step.ts';

/**
 * The GitHub App: the one that is known already, whose key waits on the disk, that was made by hand, whose key is in the stack's
 * KMS, and only then a new one, which a person has to agree to in a browser.
 */
export const appStep: DeployStep = {
  name: 'app',
  title: 'GitHub App',
  look: async (context) => {
    const { options, deployment } = context;
    const app = deployment?.app;
    if (app !== undefined) {
      refuseOther(app, options.appId);
      return { kind: 'done', detail: describe(app) };
    }
    if (await theirs(context))
      return { kind: 'todo', change: `take the GitHub App ${options.appId ?? ''} that is there` };
    const { owner } = options;
    const whose = owner?.kind === 'organization' ? `the organisation ${owner.login}` : 'yourself';
    const name = options.appName ?? (owner && suggestedName(owner));
    return { kind: 'todo', change: `have you make the GitHub App ${name ?? ''} for ${whose} in the browser` };
  },
  act: async (context) => {
    const done = await adopted(context);
    if (done !== undefined) return done;
    const settled = await settledAppId(context);
    // Another App in its place would leave every repository that has this one unheard.
    if (settled !== undefined) throw withoutKey(`the settings name the GitHub App ${settled}`);
    return made(context);
  },
};

async function theirs({ world, options }: StepContext): Promise<boolean> {
  return options.appId !== undefined || (await world.files.waitingKey()) !== undefined;
}

/** One that is there. Its name and owner are GitHub's word, asked with its own key. Makes none. */
export async function adopted(context: StepContext): Promise<StepDone | undefined> {
  const { world, options } = context;
  const waiting = await world.files.waitingKey();
  if (waiting !== undefined && (options.appId ?? waiting.appId) === waiting.appId) {
    const key = localAppKey(readPrivateKeyText(waiting.pem, 'the kept key'));
    return taken(context, await world.asApp(named(waiting.appId), key).me());
  }
  const appId = options.appId ?? (await settledAppId(context));
  if (appId === undefined) return undefined;
  if (options.privateKeyFile !== undefined) {
    const key = await world.readPrivateKey(options.privateKeyFile);
    const app = await world.asApp(named(appId), localAppKey(key)).me();
    refuseOther(app, appId);
    await world.files.keepKey(appId, key.export({ format: 'pem', type: 'pkcs8' }).toString());
    context.note(`delete ${options.privateKeyFile} when the deployment is through: the key will be in KMS`);
    return taken(context, app);
  }
  const outputs = await outputsOf(context);
  const filled =
    outputs !== undefined && (await world.keyImport.state(outputs.appKeyId, world.signal)).kind === 'filled';
  if (filled) return taken(context, await world.asApp(named(appId), world.appKey(outputs.appKeyId)).me());
  if (options.appId === undefined) return undefined;
  throw withoutKey(`--app-id names the GitHub App ${appId}`);
}

function withoutKey(where: string): EntropyError {
  return new EntropyError({
    code: 'E764',
    message: `${where}, whose private key is neither in KMS nor here`,
    fix: "generate one on the App's page (Private keys) and name the file: --private-key-file FILE.pem",
  });
}

async function made(context: StepContext): Promise<StepDone> {
  const { world, options } = context;
  const { owner } = options;
  if (owner === undefined) {
    throw new EntropyError({
      code: 'E760',
      message: 'nobody said who the GitHub App is to belong to',
      fix: 'add --org LOGIN for an organisation or --personal; or name one that is there: --app-id N --private-key-file FILE',
    });
  }
  const { app, privateKey } = await world.makeApp({ owner, name: options.appName ?? suggestedName(owner) });
  // GitHub gives the key this once: it is on the disk before anything else is done with it.
  await world.files.keepKey(app.id, privateKey);
  return taken(context, app);
}

/** Names of Apps are unique on a server; GitHub lets the person change it. */
function suggestedName(owner: AppOwner): string {
  const whose = owner.kind === 'organization' ? owner.login : randomBytes(3).toString('hex');
  return `entropy-${whose}`.slice(0, appNameLimit);
}

/** Of an earlier deployment from another machine: the settings name it. */
async function settledAppId({ world }: StepContext): Promise<number | undefined> {
  const id = (await world.files.readSettings())?.['githubAppId'];
  return typeof id === 'number' && Number.isSafeInteger(id) ? id : undefined;
}

function taken(context: StepContext, info: AppInfo): StepDone {
  const { id, slug, page, owner, ownerId } = info;
  const missing = missingOfApp(info);
  if (missing.length > 0)
    context.note(`the App lacks ${missing.join(', ')}: change it at ${page}, Permissions & events`);
  const app = { id, slug, page, owner, ownerId };
  return { detail: describe(app), deployment: { ...known(context.deployment), app } };
}

function refuseOther(app: { readonly id: number; readonly slug: string }, wanted: number | undefined): void {
  if (wanted === undefined || wanted === app.id) return;
  throw new EntropyError({
    code: 'E763',
    message: `this is the deployment of the App ${app.slug} (${app.id}), not of ${wanted}`,
    fix: 'leave --app-id out, or see docs/deploy.md, Another App',
  });
}

function named(id: number) {
  return { id, slug: String(id) };
}

function describe({ slug, id, owner }: DeployedApp): string {
  return `${slug} (${id}) of ${owner}`;
}
