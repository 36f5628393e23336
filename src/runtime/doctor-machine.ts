import { cautionOf, type SandboxRung } from '../domain/sandbox-rung.ts';
import type { Check, Finding } from './doctor-world.ts';

/** What this machine must have; on GitHub's own runners all of it is there. */
export const machineChecks: readonly Check[] = [
  {
    id: 'node',
    title: 'Node',
    look: async ({ nodeVersion }) => {
      const major = Number(nodeVersion.split('.')[0]);
      if (major >= 20) return { status: 'ok', detail: nodeVersion };
      return { status: 'fail', detail: `${nodeVersion}; 20 or newer is needed`, fix: 'https://nodejs.org' };
    },
  },
  {
    id: 'git',
    title: 'git',
    look: async ({ gitVersion }, signal) => {
      const told = await gitVersion(signal);
      const fix = 'install git 2.38 or newer: https://git-scm.com/downloads';
      if (told === undefined) return { status: 'fail', detail: 'not found in PATH', fix };
      const [major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(told) ?? []).slice(1).map(Number);
      // merge-tree --write-tree came with 2.38.
      const recent = major > 2 || (major === 2 && minor >= 38);
      return recent ? { status: 'ok', detail: told } : { status: 'fail', detail: `${told} is too old`, fix };
    },
  },
  {
    id: 'sandbox',
    title: 'sandbox',
    look: async ({ sandboxes }, signal) => {
      const refusals: string[] = [];
      let fix = '';
      for (const provider of sandboxes) {
        const available = await provider.probe(signal);
        if (available.kind === 'available')
          return sandboxFinding({ rung: provider.rung, version: available.version, refusals, fix });
        refusals.push(`${provider.rung}: ${available.reason}`);
        fix = fix === '' ? available.fix : fix;
      }
      return { status: 'fail', detail: `none works here. ${refusals.join('; ')}`, fix };
    },
  },
  {
    id: 'model-key',
    title: 'model key',
    look: async ({ probeKey }, signal) => {
      const key = await probeKey(signal);
      switch (key.kind) {
        case 'accepted':
          return { status: 'ok', detail: 'ANTHROPIC_API_KEY is set and accepted' };
        case 'missing':
          return { status: 'warn', detail: 'ANTHROPIC_API_KEY is not set here', fix: missingKeyFix };
        case 'rejected':
          return { status: 'fail', detail: key.reason, fix: 'make a new key at https://platform.claude.com' };
        case 'unclear':
        case 'unreachable':
          return { status: 'warn', detail: key.reason, fix: 'check the network, a proxy, and ANTHROPIC_BASE_URL' };
        default:
          return key satisfies never;
      }
    },
  },
];

const missingKeyFix = 'export ANTHROPIC_API_KEY=… to run agents from here; on GitHub the repository secret counts';

interface FoundRung {
  readonly rung: SandboxRung;
  readonly version: string;
  /** Why each stronger rung cannot be had. */
  readonly refusals: readonly string[];
  readonly fix: string;
}

function sandboxFinding({ rung, version, refusals, fix }: FoundRung): Finding {
  const detail = `${rung} ${version}`.trim();
  const caution = cautionOf(rung);
  if (refusals.length === 0 && caution === undefined) return { status: 'ok', detail };
  const told = [`${detail}, a weaker one.`, ...(caution === undefined ? [] : [caution]), refusals.join('; ')];
  return { status: 'warn', detail: told.join(' ').trim(), fix };
}
