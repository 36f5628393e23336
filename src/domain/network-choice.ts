/**
 * Where packages come from, by the word that stands for them in `network.setup` and `network.agent`. Hosts that serve
 * packages and take nothing; the code of packages is a stranger's all the same, which is why it runs in the sandbox.
 */
export const packageRegistries = {
  npm: ['registry.npmjs.org', 'registry.yarnpkg.com', 'npm.jsr.io', 'nodejs.org'],
  pypi: ['pypi.org', 'files.pythonhosted.org'],
  cargo: ['index.crates.io', 'static.crates.io', 'crates.io'],
  go: ['proxy.golang.org', 'sum.golang.org'],
  rubygems: ['rubygems.org', 'index.rubygems.org'],
  maven: ['repo.maven.apache.org', 'repo1.maven.org', 'plugins.gradle.org', 'plugins-artifacts.gradle.org'],
  nuget: ['api.nuget.org', 'www.nuget.org'],
  composer: ['repo.packagist.org', 'packagist.org'],
  hex: ['repo.hex.pm', 'builds.hex.pm', 'hex.pm'],
  pub: ['pub.dev', 'pub.dartlang.org'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** All of the above but `indirect` ones. */
export const registriesWord = 'registries';
/**
 * They fetch what they are asked for from wherever its name leads: the name of a module is a message to whoever owns the domain in it.
 * Only who needs them names them.
 */
const indirect: readonly string[] = ['go'];
/** The words that `registries` stands for. */
export const registriesOfAll: readonly string[] = Object.keys(packageRegistries).filter(
  (word) => !indirect.includes(word),
);
/** The machine's own network, without a list: alone, and for the set-up command only. */
export const openWord = 'open';

export type NetworkChoice =
  | { readonly kind: 'open' }
  /** Empty: no network at all. Each host once, lower case, in the order in which they were named. */
  | { readonly kind: 'hosts'; readonly hosts: readonly string[] };

/** What the entries of `network.setup` or `network.agent` mean; they have passed `networkProblem`. */
export function networkChoice(entries: readonly string[]): NetworkChoice {
  if (entries.includes(openWord)) return { kind: 'open' };
  return { kind: 'hosts', hosts: [...new Set(entries.flatMap(hostsOf))] };
}

function hostsOf(entry: string): readonly string[] {
  if (entry === registriesWord) return registriesOfAll.flatMap(hostsOf);
  const known: Readonly<Record<string, readonly string[]>> = packageRegistries;
  return Object.hasOwn(known, entry) ? (known[entry] ?? []) : [entry.toLowerCase()];
}

const hostName = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/i;
/** Names that lead to the machine itself or its neighbours, whatever they resolve to. */
const inner = /(?:^|\.)(?:localhost|local|internal|lan|intranet|home|corp|arpa|onion|test|invalid)$/i;

/** What is wrong with one entry, to follow it in a sentence. */
export function networkEntryProblem(entry: string): string | undefined {
  if (entry === openWord || entry === registriesWord || Object.hasOwn(packageRegistries, entry)) return undefined;
  if (entry.includes('*')) return 'no stars: name each host, for whoever owns a name below it could be sent anything';
  if (/^[\d.:[\]a-f]+$/i.test(entry) && /\d/.test(entry) && !hostName.test(entry))
    return 'an address, and only names are allowed';
  if (entry.includes('/') || entry.includes(':')) return 'write the name of a host alone, without scheme, port or path';
  if (!hostName.test(entry)) {
    return `neither the name of a host nor one of ${[registriesWord, ...Object.keys(packageRegistries)].join(', ')}`;
  }
  return inner.test(entry) ? 'a name of an inner network; list ports of this machine in network.services' : undefined;
}
