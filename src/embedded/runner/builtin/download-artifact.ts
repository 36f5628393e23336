import path from 'node:path';
import type { ArtifactRecord } from '../artifact/artifact-store.ts';
import { segmentExpression } from '../artifact/search-pattern.ts';
import { BuiltinFailure, type BuiltinStep, flag } from './builtin-step.ts';

const mismatchBehaviours = ['ignore', 'info', 'warn', 'error'];

/** actions/download-artifact: by name, by ids, by pattern or all, in one folder or one folder each. */
export function downloadArtifact({ step, inputs }: BuiltinStep): void {
  const { job } = step.frame;
  const onMismatch = inputs['digest-mismatch'] ?? '';
  if (!mismatchBehaviours.includes(onMismatch)) {
    const options = mismatchBehaviours.join(', ');
    throw new BuiltinFailure(`Invalid value for 'digest-mismatch': '${onMismatch}'. Valid options are: ${options}`);
  }
  const home = job.services.env['HOME'] ?? job.folders.temp;
  const target = path.resolve(job.folders.workspace, (inputs['path'] ?? '').replace(/^~(?=\/|$)/, home));
  const wanted = choose(job.services.artifacts.list(), inputs, (message) => step.channel.annotate('warning', message));
  const oneFolder = wanted.length === 1 || flag(inputs, 'merge-multiple');
  const damaged = wanted.filter((artifact) => {
    const folder = oneFolder ? target : path.join(target, artifact.name);
    step.channel.log.write(`Artifact ${artifact.name} (ID ${artifact.id}) to ${folder}`);
    return job.services.artifacts.download(artifact, folder) === 'damaged';
  });
  step.outputs['download-path'] = target;
  reportDamage(damaged, onMismatch, step);
}

function choose(
  all: readonly ArtifactRecord[],
  inputs: Readonly<Record<string, string>>,
  warn: (message: string) => void,
): readonly ArtifactRecord[] {
  const name = inputs['name'] ?? '';
  const ids = inputs['artifact-ids'] ?? '';
  const pattern = inputs['pattern'] ?? '';
  if (name !== '' && ids !== '') {
    throw new BuiltinFailure("Inputs 'name' and 'artifact-ids' cannot be used together. Please specify only one.");
  }
  if (name !== '') {
    const artifact = all.find((candidate) => candidate.name === name);
    if (artifact === undefined)
      throw new BuiltinFailure(`Unable to download artifact(s): Artifact not found for name: ${name}`);
    return [artifact];
  }
  if (ids !== '') return chooseByIds(all, ids, warn);
  return pattern === '' ? all : all.filter((artifact) => segmentExpression(pattern).test(artifact.name));
}

function chooseByIds(
  all: readonly ArtifactRecord[],
  text: string,
  warn: (message: string) => void,
): readonly ArtifactRecord[] {
  const ids = text.split(',').flatMap((part) => (part.trim() === '' ? [] : [Number(part.trim())]));
  if (ids.length === 0 || ids.some(Number.isNaN))
    throw new BuiltinFailure(`Invalid artifact IDs: '${text}'. They must be numbers.`);
  const found = all.filter((artifact) => ids.includes(artifact.id));
  if (found.length === 0) throw new BuiltinFailure('None of the provided artifact IDs were found');
  const missing = ids.filter((id) => !found.some((artifact) => artifact.id === id));
  if (missing.length > 0) warn(`Could not find the following artifact IDs: ${missing.join(', ')}`);
  return found;
}

function reportDamage(damaged: readonly ArtifactRecord[], behaviour: string, step: BuiltinStep['step']): void {
  for (const { name } of damaged) {
    const message = `Artifact '${name}' digest validation failed. Please verify the integrity of the artifact.`;
    if (behaviour === 'info') step.channel.log.write(message);
    if (behaviour === 'warn') step.channel.annotate('warning', message);
  }
  if (damaged.length === 0 || behaviour !== 'error') return;
  const names = damaged.map(({ name }) => name).join(', ');
  throw new BuiltinFailure(
    `Digest validation failed for artifact(s): ${names}. Use 'digest-mismatch: warn' to continue on mismatch.`,
  );
}
