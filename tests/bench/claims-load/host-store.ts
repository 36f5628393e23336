import { join } from 'node:path';
import type { HostOptions, HostResult } from './hosted-store.ts';

export const storeNames = ['sqlite', 'dynamodb', 'dynamodb-moto', 'git-refs', 'http'] as const;
export type StoreName = (typeof storeNames)[number];

export async function hostStore(name: StoreName, options: HostOptions): Promise<HostResult> {
  switch (name) {
    case 'sqlite':
      return {
        place: { kind: 'sqlite', path: join(options.folder, 'state.db') },
        told: 'one file that all processes write to, WAL, synchronous=FULL',
        [Symbol.asyncDispose]: async () => {},
      };
    case 'git-refs':
      return (await import('./host-git-refs.ts')).hostGitRefs(options);
    case 'dynamodb':
    case 'dynamodb-moto':
      return (await import('./host-dynamodb.ts')).hostDynamoDb(name);
    case 'http':
      return (await import('./host-coordinator.ts')).hostCoordinator(options);
    default:
      return name satisfies never;
  }
}
