import { describe, expect, it } from 'vitest';
import { networkChoice, packageRegistries } from '../../../src/domain/network-choice.ts';
import { describeNetwork, describeRoom, sandboxNetwork, taskNetwork } from '../../../src/domain/sandbox-network.ts';
import { defaultSettings } from '../../../src/domain/settings.ts';

const told = (entries: readonly string[], services: readonly number[] = []): string =>
  describeNetwork(sandboxNetwork(networkChoice(entries), services));

describe('the network of a sandbox', () => {
  it.each([
    [[], [], 'offline'],
    [['open'], [], 'open network'],
    [['registry.example'], [], 'network: registry.example'],
    [['registries'], [], 'network: registries'],
    [['registries', 'a.example'], [5432], 'network: registries, a.example; local ports: 5432'],
    [['npm', 'pypi'], [], 'network: npm, pypi'],
    [[...packageRegistries.go], [], 'network: go'],
    [['proxy.golang.org'], [], 'network: proxy.golang.org'],
    [[], [5432, 6379], 'offline; local ports: 5432, 6379'],
    [
      ['a.example', 'b.example', 'c.example', 'd.example', 'e.example'],
      [],
      'network: a.example, b.example, c.example, d.example and 1 more',
    ],
  ] as const)('of %j with ports %j is told as it is', (entries, services, text) => {
    expect(told(entries, services)).toBe(text);
  });

  it('that set-up had is told with the sandbox of the run when it was the machine’s own', () => {
    const open = taskNetwork({ ...defaultSettings, setupNetwork: ['open'] });
    expect(describeRoom('bubblewrap, offline', { setupCommand: 'npm ci', network: open })).toBe(
      'bubblewrap, offline; set-up with the open network',
    );
    expect(describeRoom('bubblewrap, offline', { network: open })).toBe('bubblewrap, offline');
    const listed = taskNetwork(defaultSettings);
    expect(describeRoom('bubblewrap, offline', { setupCommand: 'npm ci', network: listed })).toBe(
      'bubblewrap, offline',
    );
  });

  it('is registries for set-up and nothing for the agent when nobody wrote anything', () => {
    const { setup, agent } = taskNetwork(defaultSettings);
    expect(describeNetwork(setup)).toBe('network: registries');
    expect(agent).toEqual({ kind: 'none' });
  });
});
