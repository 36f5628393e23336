import { deploy } from '../../src/runtime/deploy/deploy.ts';
import type { DeployWorld } from '../../src/runtime/deploy/deploy-world.ts';
import { openDeployWorld } from '../../src/runtime/deploy/open-deploy-world.ts';
import type { DeployOptions, StepContext } from '../../src/runtime/deploy/step.ts';
import { agreeInBrowser, type DeployClone, type DeployStandIns, deployStandIns } from './deploy-scene.ts';

export interface DeployRoom extends AsyncDisposable {
  readonly around: DeployStandIns;
  /** AWS, GitHub and this clone behind the steps; `onPage`: the person at the browser, who agrees when absent. */
  world(clone: DeployClone, given?: { readonly onPage?: (url: string) => void }): Promise<DeployWorld>;
  context(world: DeployWorld, clone: DeployClone, given?: Partial<DeployOptions>): Promise<StepContext>;
  /** Every step as `name state`. Told keys go into `keys`. */
  deployAll(context: StepContext): Promise<readonly string[]>;
  readonly keys: string[];
  readonly notes: string[];
}

/** The surroundings of deployments, with the environment that leads to them; put back at the end. */
export async function deployRoom(): Promise<DeployRoom> {
  const around = await deployStandIns();
  const before = Object.keys(around.variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, around.variables);
  const keys: string[] = [];
  const notes: string[] = [];
  return {
    around,
    keys,
    notes,
    world: (clone, { onPage = (url: string) => void agreeInBrowser(url) } = {}) =>
      openDeployWorld({
        cwd: clone.root,
        root: clone.root,
        stack: clone.stack,
        github: { serverUrl: around.github.url, apiUrl: around.github.apiUrl },
        hostPath: process.env['PATH'] ?? '',
        port: 0,
        onPage,
        onText: () => undefined,
        log: () => undefined,
        signal: new AbortController().signal,
      }),
    context: async (world, clone, given = {}) => ({
      world,
      options: {
        stack: clone.stack,
        owner: { kind: 'organization', login: 'octo' },
        appName: `entropy-${clone.stack}`,
        githubServerUrl: around.github.url,
        settings: {},
        bootstrap: false,
        newAdminKey: false,
        ...given,
      },
      deployment: await world.files.load(),
      note: (line) => void notes.push(line),
      tellAdminKey: async (key) => void keys.push(key),
    }),
    deployAll: async (context) => {
      const steps: string[] = [];
      for await (const { step, state } of deploy(context, 'deploy')) steps.push(`${step} ${state}`);
      return steps;
    },
    [Symbol.asyncDispose]: async () => {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
      await around[Symbol.asyncDispose]();
    },
  };
}
