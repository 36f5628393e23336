import {
  type NetworkChoice,
  networkChoice,
  packageRegistries,
  registriesOfAll,
  registriesWord,
} from './network-choice.ts';

/** What commands in a sandbox reach beyond their own loopback. */
export type SandboxNetwork =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'allowed';
      /** Names; each is reached over HTTPS, to read, through a proxy of ours. No address, no star. */
      readonly hosts: readonly string[];
      /** Ports of the machine's own loopback, reached inside as `127.0.0.1:<port>`. */
      readonly services: readonly number[];
    }
  /** The machine's own network: for a set-up command alone, where a maintainer wrote `open`. */
  | { readonly kind: 'open' };

/** A network in which a canary still proves something. */
export type ListedNetwork = Exclude<SandboxNetwork, { readonly kind: 'open' }>;

/** The two networks of a task, bound when it is admitted. */
export interface TaskNetwork {
  readonly setup: SandboxNetwork;
  /** Of the agent's commands and of all tests. */
  readonly agent: ListedNetwork;
}

/** What the settings of a repository mean; the local ports are for set-up, agent and tests alike. */
export function taskNetwork(settings: {
  readonly setupNetwork: readonly string[];
  readonly agentNetwork: readonly string[];
  readonly services: readonly number[];
}): TaskNetwork {
  const { setupNetwork, agentNetwork, services } = settings;
  const agent = sandboxNetwork(networkChoice(agentNetwork), services);
  return {
    setup: sandboxNetwork(networkChoice(setupNetwork), services),
    // The rule for this setting refuses the word; whoever gets past it gets nothing.
    agent: agent.kind === 'open' ? noNetwork : agent,
  };
}

export const noNetwork = { kind: 'none' } as const satisfies SandboxNetwork;

export function sandboxNetwork(choice: NetworkChoice, services: readonly number[]): SandboxNetwork {
  if (choice.kind === 'open') return { kind: 'open' };
  const nothing = choice.hosts.length === 0 && services.length === 0;
  return nothing ? noNetwork : { kind: 'allowed', hosts: choice.hosts, services: [...new Set(services)] };
}

const mostNamed = 4;

/** For people, after the name of the rung: `offline`, `network: registry.npmjs.org`, `open network`. */
export function describeNetwork(network: SandboxNetwork): string {
  switch (network.kind) {
    case 'none':
      return 'offline';
    case 'open':
      return 'open network';
    case 'allowed': {
      const hosts = groupedHosts(network.hosts);
      const { services } = network;
      const parts = [
        ...(hosts.length > 0 ? [`network: ${few(hosts)}`] : ['offline']),
        ...(services.length > 0 ? [`local ports: ${few(services.map(String))}`] : []),
      ];
      return parts.join('; ');
    }
    default:
      return network satisfies never;
  }
}

/** The same for a whole run: a set-up that had the machine's own network is told wherever the sandbox is. */
export function describeRoom(
  description: string,
  { setupCommand, network }: { readonly setupCommand?: string; readonly network?: TaskNetwork },
): string {
  const wasOpen = setupCommand !== undefined && network?.setup.kind === 'open';
  return wasOpen ? `${description}; set-up with the open network` : description;
}

/** Hosts that make up one of the known registries are told by its name, all of them by one word. */
function groupedHosts(hosts: readonly string[]): readonly string[] {
  const whole = Object.entries(packageRegistries).filter(([, of]) => of.every((host) => hosts.includes(host)));
  const grouped = new Set<string>(whole.flatMap(([, of]) => of));
  const rest = hosts.filter((host) => !grouped.has(host));
  const names = whole.map(([name]) => name);
  const all = registriesOfAll.every((name) => names.includes(name));
  const told = all ? [registriesWord, ...names.filter((name) => !registriesOfAll.includes(name))] : names;
  return [...told, ...rest];
}

function few(names: readonly string[]): string {
  const more = names.length - mostNamed;
  return more > 0 ? `${names.slice(0, mostNamed).join(', ')} and ${more} more` : names.join(', ');
}
