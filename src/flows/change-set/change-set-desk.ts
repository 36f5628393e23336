import type { RepositoryRef } from '../../domain/repository.ts';
import type { ChangeSets } from '../../ports/change-sets.ts';
import type { Forge } from '../../ports/forge.ts';

/** What it takes to open a set: a GitHub App, for a job's own token reaches one repository. */
export interface ChangeSetDesk {
  /** Undefined: the App is not installed there, or is suspended. */
  readonly installationOf: (repository: RepositoryRef) => Promise<number | undefined>;
  readonly connect: (repository: RepositoryRef) => { readonly forge: Forge; readonly sets: ChangeSets };
}
