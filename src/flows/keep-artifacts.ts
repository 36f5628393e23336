import { type Artifact, artifactRules } from '../domain/artifact.ts';
import { describeError } from '../domain/error.ts';
import type { RunArtifacts } from '../ports/run-artifacts.ts';

export interface ArtifactFile extends Artifact {
  readonly body: Uint8Array;
}

export interface KeepArtifacts {
  readonly artifacts: RunArtifacts;
  readonly log: (line: string) => void;
}

/** Larger ones are told of while they are on their way. */
const worthTellingBytes = 4 * 1024 * 1024;

/**
 * Puts the files of a run where they are kept. The run is what it is without them: what fails is told in the log, and
 * nothing else comes of it. Tells how many are kept.
 */
export async function keepArtifacts(
  { artifacts, log }: KeepArtifacts,
  { runId, files }: { readonly runId: string; readonly files: readonly ArtifactFile[] },
  signal: AbortSignal,
): Promise<number> {
  let kept = 0;
  for (const { body, ...artifact } of files) {
    const { name, bytes } = artifact;
    const size = sizeText(bytes);
    if (bytes > artifactRules.bytes) {
      log(`${name} is not kept: it has ${size}, ${sizeText(artifactRules.bytes)} are allowed`);
      continue;
    }
    try {
      const onProgress =
        bytes < worthTellingBytes ? () => undefined : quarters(bytes, (line) => log(`${name}: ${line}`));
      const answer = await artifacts.upload(runId, artifact, body, { onProgress, signal });
      const isKept = answer.kind === 'stored' || answer.kind === 'exists';
      if (isKept) kept += 1;
      log(isKept ? `${name} is kept (${size})` : `${name} is not kept: ${whyNot[answer.kind]}`);
    } catch (error) {
      log(`${name} is not kept: ${describeError(error)}`);
      if (signal.aborted) break;
    }
  }
  return kept;
}

const whyNot = {
  missing: 'the coordinator does not know the run',
  occupied: 'another file of this name is there, and stays',
  full: 'the run keeps as many files as it may',
} as const;

/** A line for each quarter of a large file. */
function quarters(bytes: number, tell: (line: string) => void): (sent: number) => void {
  let told = 0;
  return (sent) => {
    const quarter = Math.floor((4 * sent) / bytes);
    if (quarter > told && quarter < 4) tell(`${25 * quarter}% of ${sizeText(bytes)} sent`);
    told = Math.max(told, quarter);
  };
}

function sizeText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
