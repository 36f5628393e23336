import { mkdirSync } from 'node:fs';
import { describeNetwork, taskNetwork } from '../../../../src/domain/sandbox-network.ts';
import { settingProblem } from '../../../../src/domain/setting-rules.ts';
import { defaultSettings } from '../../../../src/domain/settings.ts';
import { ownEgressCommand } from '../../../../src/runtime/own-worker.ts';
import { setUp } from '../../../../src/runtime/set-up.ts';
import { fakeInternet, saying } from '../../../fakes/egress-world.ts';
import { realRepository } from '../../../fakes/real-repository.ts';
import { sampleTask } from '../../../fakes/sample-task.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';
import { goingStraight, listeningMachine } from './listening-machine.ts';
import { asking, obedientVisit } from './obedient-visit.ts';

const allowed = 'packages.example';

export const withoutProxy: Attack = {
  id: 'X5',
  title:
    'the proxy is left out with NO_PROXY, names are asked for over HTTPS, and a database that nobody listed is called',
  attack: async (signal) => {
    await using machine = await listeningMachine();
    await using internet = await fakeInternet({ [allowed]: saying('package'), 'dns.example': saying('answer') });
    const network = { kind: 'allowed', hosts: [allowed], services: [] } as const;
    const overHttps = [
      { authority: 'dns.example:443', path: '/dns-query?dns=c2VjcmV0' },
      { authority: '8.8.8.8:443', sni: 'dns.example', path: '/dns-query?dns=c2VjcmV0' },
      { authority: `${allowed}:853` },
      { authority: `${allowed}:22` },
    ];
    const commands = [goingStraight(machine), asking(overHttps), 'cat /proc/net/route'];
    const [, , routes = ''] = await obedientVisit({ internet, network, commands, signal });
    if (machine.visits() > 0) return escaped('the machine was reached from inside, past the proxy');
    if (internet.visits.length > 0 || internet.resolved.length > 0)
      return escaped(`asked: ${internet.resolved.join()}`);
    if (routes.trim().split('\n').length > 1) return escaped(`there is a route: ${routes}`);
    return contained('there is no route, so there is nothing to leave out; name servers are hosts like others');
  },
  twin: async (signal) => {
    await using machine = await listeningMachine();
    await using internet = await fakeInternet({});
    const network = { kind: 'allowed', hosts: [], services: [machine.port] } as const;
    const commands = [goingStraight({ addresses: ['127.0.0.1'], port: machine.port })];
    const [said = ''] = await obedientVisit({ internet, network, commands, signal });
    return said.includes('reached 127.0.0.1') && machine.visits() > 0
      ? passed('a port that the maintainer listed is reached as 127.0.0.1')
      : hindered(said);
  },
};

export const setUpAtLarge: Attack = {
  id: 'X5',
  title: 'the script of a package that set-up installs calls home, past the registries',
  attack: async (signal) => {
    await using machine = await listeningMachine();
    const log = await loggedSetUp(goingStraight(machine), [], signal);
    return machine.visits() > 0
      ? escaped(`set-up reached this machine: ${log}`)
      : contained('set-up reaches registries, and nothing of this machine');
  },
  twin: async (signal) => {
    await using machine = await listeningMachine();
    const straight = goingStraight({ addresses: ['127.0.0.1'], port: machine.port });
    const log = await loggedSetUp(straight, [machine.port], signal);
    return log.includes('reached 127.0.0.1') ? passed('set-up reaches a listed port') : hindered(log);
  },
};

export const openForAgents: Attack = {
  id: 'X5',
  title: "the machine's own network is written down for the agent itself",
  attack: async () => {
    const { agent } = taskNetwork({ ...defaultSettings, agentNetwork: ['open'] });
    if (agent.kind !== 'none') return escaped(`the agent gets ${describeNetwork(agent)}`);
    return settingProblem('agentNetwork', ['open']) === undefined
      ? escaped('the setting is taken')
      : contained('the word is refused there, and means nothing if it comes by another way');
  },
  twin: async () => {
    const { agent } = taskNetwork({ ...defaultSettings, agentNetwork: ['npm'] });
    return settingProblem('agentNetwork', ['npm']) === undefined && agent.kind === 'allowed'
      ? passed('a registry may be listed for the agent')
      : hindered(describeNetwork(agent));
  },
};

/** A set-up with the settings that hold when nobody wrote any, in the process that is its way out when it is shipped. */
async function loggedSetUp(setupCommand: string, services: readonly number[], signal: AbortSignal): Promise<string> {
  using repository = realRepository({ 'README.md': '# sample\n' });
  const home = `${repository.temp}/home`;
  mkdirSync(home);
  const task = sampleTask({ setupCommand, network: taskNetwork({ ...defaultSettings, services }) });
  const room = {
    task,
    workspace: repository.root,
    hostPath: process.env['PATH'] ?? '',
    home,
    egress: ownEgressCommand(),
  };
  let log = '';
  await setUp({ ...room, log: (chunk) => (log += new TextDecoder().decode(chunk)) }, signal);
  return log;
}
