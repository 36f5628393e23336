import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { checkOut } from '../../../../src/adapters/git/check-out.ts';
import { checkNewBranch, commitPatch } from '../../../../src/adapters/git/commit-patch.ts';
import { findBranch } from '../../../../src/adapters/git/find-branch.ts';
import { parseCommand } from '../../../../src/domain/command-parser.ts';
import { EntropyError } from '../../../../src/domain/error.ts';
import { readyResult } from '../../../fakes/publish-scene.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';
import { handOver } from './handed-over.ts';
import { collect, layTrap, type Trap, unsprung, usualPath } from './trap.ts';

const evil = ['--upload-pack=touch x', '-x', '$(id)', 'a b', '../../x', 'a..b', 'x@{1}', 'a\u0000b'];

/** The branch of a change whose title the agent chose, as it is made on the forge. */
async function branchFor(title: string): Promise<string | undefined> {
  const { scene, task, patch } = await handOver({}, { 'src/a.ts': 'good\n' });
  const submission = { title, body: 'It works.', verified: [] };
  await scene.publish(readyResult(patch, { submission }), { task });
  return [...scene.forge.git.branches.keys()].find((name) => name !== 'main');
}

/** `run --branch NAME` in a person's own repository; whether the ref was made. */
async function makeLocal(branch: string, signal: AbortSignal): Promise<boolean> {
  using trap = layTrap();
  const { repository } = trap;
  const { patch } = await collect(repository, () => repository.write('a.txt', 'changed\n'), signal);
  if (patch === undefined) throw new Error('nothing was collected');
  const place = { gitDir: path.join(repository.root, '.git'), path: usualPath };
  try {
    await checkNewBranch({ place, branch, signal });
    await commitPatch({ place, patch, branch, message: 'A change', signal });
  } catch (error) {
    if (error instanceof EntropyError && error.code === 'E100') return false;
    throw error;
  }
  return true;
}

export const branchNames: readonly Attack[] = [
  {
    id: 'G12',
    title: 'the agent chooses a title that is an option of git or a command of the shell',
    attack: async () => {
      for (const title of evil) {
        const branch = await branchFor(title);
        if (branch === undefined) throw new Error(`nothing was published for ${JSON.stringify(title)}`);
        if (!/^agent\/1\/f1-[a-z0-9]+(?:-[a-z0-9]+)*$/.test(branch)) return escaped(`the branch ${branch}`);
      }
      return contained('of a title only letters, digits and single dashes get into a branch');
    },
    twin: async () => {
      const branch = await branchFor('Keep the last word');
      return branch === 'agent/1/f1-keep-last-word' ? passed(branch) : hindered(`${branch}`);
    },
  },
  {
    id: 'G12',
    title: 'a comment asks for work on a base that is an option of git',
    attack: async () => {
      const through = evil.filter((name) => parseCommand(`/agent fix --base=${name}`, '/agent').kind === 'command');
      // A space ends the word, and git takes the other for a name; the attack below shows that nobody evaluates it.
      const harmful = through.filter((name) => name !== 'a b' && name !== '$(id)');
      return harmful.length === 0
        ? contained('only what git takes for a branch is a base')
        : escaped(`taken for a base: ${harmful.join(', ')}`);
    },
    twin: async () => {
      const read = parseCommand('/agent fix --base release/1.x', '/agent');
      const base = read.kind === 'command' ? read.command.options.base : undefined;
      return base === 'release/1.x' ? passed('another branch can be the base') : hindered(JSON.stringify(read));
    },
  },
  {
    id: 'G12',
    title: 'a branch that is an option of git is to be made on a person’s machine',
    attack: async (signal) => {
      const made = await makeLocal('--upload-pack=touch', signal);
      return made ? escaped('refs/heads/--upload-pack=touch is there') : contained('it is no name of a branch (E100)');
    },
    twin: async (signal) => ((await makeLocal('agent/x', signal)) ? passed('the branch is made') : hindered('refused')),
  },
  {
    id: 'G12',
    title: 'a branch that is a command of the shell is there, and work starts from it',
    attack: async (signal) => {
      using trap = layTrap();
      const { repository, program } = trap;
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's, not ours
      const name = '$(sh${IFS}program)';
      writeFileSync(path.join(repository.root, 'program'), `exec '${program}' </dev/null\n`, { mode: 0o755 });
      const head = repository.git('rev-parse', 'HEAD');
      repository.git('update-ref', `refs/heads/${name}`, head);
      await startFrom(trap, name, signal);
      return unsprung(trap, 'names are arguments of their own, and no shell reads them');
    },
    twin: async (signal) => {
      using trap = layTrap();
      const head = trap.repository.git('rev-parse', 'HEAD');
      trap.repository.git('branch', 'release/1.x');
      const found = await startFrom(trap, 'release/1.x', signal);
      return found === head ? passed('the work starts from it') : hindered(`${found}`);
    },
  },
];

/** What `run --base NAME` does: finds the branch and checks its commit out. */
async function startFrom({ repository }: Trap, name: string, signal: AbortSignal): Promise<string | undefined> {
  const gitDir = path.join(repository.root, '.git');
  const sha = await findBranch({ gitDir, path: usualPath }, name, signal);
  if (sha === undefined) throw new Error(`no branch ${name}`);
  const folder = path.join(repository.temp, 'copy');
  await checkOut({ from: { kind: 'path', gitDir }, sha, folder, searchPath: usualPath, signal });
  return sha;
}
