import { packageRegistries } from '../network-choice.ts';
import type { TaskNetwork } from '../sandbox-network.ts';
import { readSources } from './read-sources.ts';
import { sourceFileKind } from './source-files.ts';

export interface ForeignSource {
  /** `github.com/octo/slug`, `packages.example`. */
  readonly name: string;
  readonly host: string;
}

/** The index of Rust's own registry, by its older name. */
const knownNames = ['github.com/rust-lang/crates.io-index'];

/**
 * Where a changed file would take packages from that it did not before, and that nobody said is fine: no registry that everybody
 * uses, and no host that the maintainer lets the set-up or the agent reach. Each once.
 */
export function foreignSources(
  file: { readonly path: string; readonly before: string | undefined; readonly after: string },
  network: TaskNetwork | undefined,
): readonly ForeignSource[] {
  const kind = sourceFileKind(file.path);
  if (kind === undefined) return [];
  const known = new Set(readSources(kind, file.before ?? '').map(({ name }) => name));
  const allowed = new Set([...Object.values(packageRegistries).flat(), ...listedHosts(network)]);
  const foreign = new Map<string, ForeignSource>();
  for (const source of readSources(kind, file.after)) {
    const isPlain = !source.name.includes('://');
    if (known.has(source.name) || knownNames.includes(source.name) || (isPlain && allowed.has(source.host))) continue;
    foreign.set(source.name, source);
  }
  return [...foreign.values()];
}

function listedHosts(network: TaskNetwork | undefined): readonly string[] {
  return [network?.setup, network?.agent].flatMap((each) => (each?.kind === 'allowed' ? each.hosts : []));
}
