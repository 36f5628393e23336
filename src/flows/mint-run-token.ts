import { isOver } from '../domain/coordination/run-moves.ts';
import type { RunRecord } from '../domain/coordination/run-record.ts';
import { isCarriedOutBy, type WorkflowRun } from '../domain/dispatch/pick-up.ts';
import { type TokenPurpose, tokenPermissions } from '../domain/dispatch/run-token.ts';
import { fullName } from '../domain/repository.ts';
import type { ClaimStore } from '../ports/claim-store.ts';
import type { ForgeApp } from '../ports/forge-app.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import { readTaskFile } from './read-task-file.ts';

export interface TokenParts {
  readonly claims: Pick<ClaimStore, 'beginEffect'>;
  readonly objects: Pick<ObjectStore, 'get'>;
  readonly app: Pick<ForgeApp, 'author' | 'installationOf' | 'mintToken'>;
  readonly newId: () => string;
}

export interface TokenRequest {
  readonly run: RunRecord;
  readonly by: WorkflowRun;
  readonly purpose: TokenPurpose;
}

export type MintedToken =
  | {
      readonly kind: 'minted';
      readonly token: string;
      readonly expiresAt: number;
      /** Who writes with it, as authors of comments are named: `agents[bot]`. */
      readonly author: string;
      /** `octo/slug`: nothing else can be reached with it. */
      readonly repository: string;
      readonly permissions: Readonly<Record<string, 'read' | 'write'>>;
    }
  | { readonly kind: 'refused'; readonly why: 'over' | 'taken' | 'no-task' | 'stale' | 'not-installed' };

/**
 * A token of the App for the one repository of a run, for the workflow run that carries it out and for as long as it holds
 * the claim. Every one is an effect of the claim: the fence is checked in the same step, and the stream tells of it.
 */
export async function mintRunToken(
  { claims, objects, app, newId }: TokenParts,
  { run, by, purpose }: TokenRequest,
  signal: AbortSignal,
): Promise<MintedToken> {
  if (isOver(run.state)) return { kind: 'refused', why: 'over' };
  if (!isCarriedOutBy(run, by)) return { kind: 'refused', why: 'taken' };
  // A run that somebody wrote into the books by hand has no task, so it opens nothing.
  const file = await readTaskFile(objects, run, signal);
  if (file === undefined) return { kind: 'refused', why: 'no-task' };
  const { repository } = file;
  const installation = await app.installationOf(repository);
  if (installation === undefined || installation.suspended) return { kind: 'refused', why: 'not-installed' };
  const effect = await claims.beginEffect(file.lease, `token/${purpose}/${newId()}`);
  if (effect.kind === 'stale') return { kind: 'refused', why: 'stale' };
  const permissions = tokenPermissions[purpose];
  const minted = await app.mintToken(installation.id, { repositories: [repository.name], permissions });
  return { kind: 'minted', ...minted, author: await app.author(), repository: fullName(repository), permissions };
}
