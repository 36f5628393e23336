import { randomUUID } from 'node:crypto';
import { type ContainerPlan, containerArguments, emptyImage } from '../../domain/docker-arguments.ts';
import type { DockerEngine } from './docker-engine.ts';
import { type Keeper, startKeeper } from './keeper.ts';

export interface ContainerKeeper extends Keeper {
  readonly name: string;
}

/**
 * A container that does nothing but keep what lasts for the run: the volumes in memory, `/dev/shm` and a network. Beside
 * it a process on the machine waits for our end, however that comes, and then takes away every container of this
 * sandbox: an engine would let them run on.
 */
export async function startContainerKeeper(
  engine: DockerEngine,
  plan: ContainerPlan,
  extraDescriptors: readonly (number | 'ignore')[],
): Promise<ContainerKeeper> {
  const name = `entropy-keeper-${randomUUID()}`;
  const volumes = plan.volumes.map((volume) => volume.name).join(' ');
  const keeper = await startKeeper({
    program: '/bin/sh',
    args: [
      ...['-c', guard, 'guard', engine.program, engine.config, engine.host, plan.label, volumes, '--name', name],
      ...[...containerArguments(plan), '--entrypoint', '/usr/bin/sleep', emptyImage, '2147483647'],
    ],
    extraDescriptors,
    atEnd: 'farewell',
  });
  return { name, pid: keeper.pid, [Symbol.asyncDispose]: () => keeper[Symbol.asyncDispose]() };
}

/** The names of volumes are our own, without anything that a shell would read. */
const guard = `set -u
docker=$1 config=$2 host=$3 label=$4 volumes=$5
shift 5
ask() { "$docker" --config "$config" --host "$host" "$@"; }
clear() {
  for container in $(ask ps --all --quiet --filter "label=$label"); do ask rm --force "$container"; done
  ask volume rm --force $volumes
}
if ! ask run --detach --rm "$@" >/dev/null; then
  clear >/dev/null 2>&1
  exit 1
fi
echo "ready $$"
cat >/dev/null
clear >/dev/null 2>&1`;
