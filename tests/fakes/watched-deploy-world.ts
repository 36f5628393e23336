import type { DeployWorld } from '../../src/runtime/deploy/deploy-world.ts';
import type { KillPoints } from './kill-points.ts';

/** A deployment's world with a point before and after everything that it changes or waits for. */
export function watched(world: DeployWorld, points: KillPoints): DeployWorld {
  return {
    ...points.watch(world, ['identity', 'bootstrapVersion', 'cdk', 'makeApp']),
    files: points.watch(world.files, ['save', 'keepKey', 'removeKey', 'writeSettings']),
    stacks: points.watch(world.stacks, ['find']),
    secrets: points.watch(world.secrets, ['current', 'put']),
    keyImport: points.watch(world.keyImport, ['state', 'fill']),
    apiKeys: (table) => points.watch(world.apiKeys(table), ['add', 'list']),
    asApp: (app, key) => points.watch(world.asApp(app, key), ['me', 'setHook']),
  };
}
