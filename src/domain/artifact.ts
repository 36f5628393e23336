import { objectKeyProblem } from './object-rules.ts';

/** A file of a run that is kept: its trajectory, patch, result, logs. */
export interface Artifact {
  readonly name: string;
  readonly bytes: number;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
  readonly contentType: ArtifactType;
}

export interface StoredArtifact extends Artifact {
  /** Milliseconds since 1970. */
  readonly storedAt: number;
}

/** As a list tells it. */
export type ListedArtifact = Pick<StoredArtifact, 'name' | 'bytes' | 'storedAt'>;

export const artifactTypes = ['application/gzip', 'application/json', 'text/plain'] as const;
export type ArtifactType = (typeof artifactTypes)[number];

export const artifactRules = {
  bytes: 64 * 1024 * 1024,
  runBytes: 256 * 1024 * 1024,
  count: 20,
} as const;

/** The few names that there are, and logs. Nothing else, for what a run leaves is read by people and tools that know them. */
export const artifactName =
  /^(?:trajectory\.jsonl\.gz|patch\.json|result\.json|fault\.json|[a-z][a-z0-9-]{0,40}\.log(?:\.gz)?)$/;

export function artifactType(name: string): ArtifactType {
  if (name.endsWith('.gz')) return 'application/gzip';
  return name.endsWith('.json') ? 'application/json' : 'text/plain';
}

/** What keys of a run's artifacts begin with; undefined for an id that cannot be a part of a key, and so has none. */
export function artifactPrefix(runId: string): string | undefined {
  const isPart = !runId.includes('/') && objectKeyProblem(runId) === undefined;
  return isPart ? `runs/${runId}/artifacts/` : undefined;
}
