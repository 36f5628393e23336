import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { realRepository } from '../../../fakes/real-repository.ts';
import { toolContext, useTool } from '../../../fakes/tool-context.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';
import { type CagedAgent, onRungs } from './agent.ts';

/** S1: a symlink that the repository holds leads out of the workspace, to be read and to be written through. */
const symlinkOut = onRungs({
  id: 'S1',
  title: 'symlinks of the repository lead the file tools out of the workspace, and into .git',
  rungs: ['bubblewrap', 'landlock', 'docker'],
  prepare: ({ repository, outside }) => {
    symlinkSync(outside, path.join(repository.root, 'links/folder'));
    symlinkSync('../.git/hooks', path.join(repository.root, 'links/hooks'));
  },
  attack: async (agent) => {
    const { outside, secret, repository } = agent;
    const shown = [
      await agent.use('read_file', { path: 'links/secret' }),
      await agent.use('read_file', { path: 'links/elsewhere' }),
      await agent.use('read_file', { path: 'links/folder/secret' }),
      await agent.use('search', { pattern: 'caged-', path: 'links/folder' }),
    ];
    if (shown.some(({ output }) => output.includes(secret))) return escaped('a file of the machine was read');
    await agent.use('write_file', { path: 'links/secret', content: 'changed' });
    await agent.use('write_file', { path: 'links/folder/made', content: 'made' });
    await agent.use('write_file', { path: 'links/hooks/pre-commit', content: '#!/bin/sh\n' });
    if (readFileSync(path.join(outside, 'secret'), 'utf8') !== secret)
      return escaped('a file of the machine was changed');
    if (existsSync(path.join(outside, 'made'))) return escaped('a file was made outside of the workspace');
    if (existsSync(path.join(repository.root, '.git/hooks/pre-commit'))) return escaped('a hook was written into .git');
    return contained('nothing was read or written behind the links');
  },
  twin: async (agent) => {
    const read = await agent.use('read_file', { path: 'links/inside' });
    const wrote = await agent.use('write_file', { path: 'links/inside', content: 'through the link\n' });
    const now = readFileSync(path.join(agent.repository.root, 'a.txt'), 'utf8');
    return read.output.includes('harmless') && wrote.ok && now === 'through the link\n'
      ? passed('a link within the workspace was read and written through')
      : hindered(`${read.output} ${wrote.output}`);
  },
});

/** S2 by commands: nothing of the machine is below any of these names. */
const pathsOut = onRungs({
  id: 'S2',
  title: 'absolute paths and dots name a file of the machine',
  rungs: ['bubblewrap', 'landlock', 'docker'],
  attack: async (agent) => {
    const secret = path.join(agent.outside, 'secret');
    const names = [
      secret,
      agent.elsewhere,
      `../../../../../../..${secret}`,
      `/proc/self/cwd/..${secret}`,
      `/proc/1/root${secret}`,
    ];
    const line = names.map((name) => `cat ${name}`).join('; ');
    const { stdout } = await agent.sh(line);
    return stdout.includes(agent.secret)
      ? escaped('a file of the machine was read')
      : contained('there is no such file');
  },
  twin: (agent) => readsWorkspace(agent),
});

async function readsWorkspace(agent: CagedAgent) {
  const { stdout } = await agent.sh('cat a.txt ./a.txt links/../a.txt');
  return stdout === 'harmless\n'.repeat(3)
    ? passed('a file of the workspace was read by three names')
    : hindered(stdout);
}

/** S2 and S4 at the tools themselves: a room without walls, so that only what the tools refuse is refused. */
function atTheTools(id: 'S2' | 'S4', title: string, names: (outside: string) => readonly string[]): Attack {
  return {
    id,
    title: `${title} (the tools alone, without walls)`,
    attack: async () => {
      using repository = realRepository({ 'a.txt': 'harmless\n', 'x/y.txt': 'y\n' });
      const outside = path.join(repository.root, '../temp/outside');
      repository.write('../temp/outside', 'PATH=of the machine');
      const context = toolContext(path.join(repository.root, 'x'));
      for (const name of names(outside)) {
        const read = await useTool('read_file', { path: name }, context);
        if (read.ok) return escaped(`${JSON.stringify(name)} was read`);
        const wrote = await useTool('write_file', { path: name, content: 'x' }, context);
        if (wrote.ok) return escaped(`${JSON.stringify(name)} was written`);
        if (!read.output.includes('cannot be used as a path'))
          return escaped(`a program was given ${JSON.stringify(name)}`);
      }
      return contained('the tools refused the paths themselves');
    },
    twin: async () => {
      using repository = realRepository({ 'a.txt': 'harmless\n' });
      const context = toolContext(repository.root);
      const { ok, output } = await useTool('read_file', { path: './a.txt' }, context);
      return ok ? passed('a relative path was read') : hindered(output);
    },
  };
}

/** S4: the environment of whatever reads the file. */
const environmentByTool = onRungs({
  id: 'S4',
  title: 'the read tool is pointed at /proc/self/environ',
  rungs: ['unshare', 'landlock', 'docker'],
  prepare: ({ repository }) => {
    symlinkSync('/proc/self/environ', path.join(repository.root, 'links/environment'));
    symlinkSync('/proc/1/environ', path.join(repository.root, 'links/first'));
  },
  attack: async (agent) => {
    const shown = [
      await agent.use('read_file', { path: 'links/environment' }),
      await agent.use('read_file', { path: 'links/first' }),
      await agent.use('search', { pattern: 'caged-', path: 'links/environment' }),
      await agent.use('search', { pattern: 'PATH=', path: 'links/first' }),
    ];
    // What is allowed to be seen is what every command was given; it names nothing of ours.
    const seen = shown.some(({ output }) => output.includes(agent.secret) || output.includes('ENTROPY_CAGED'));
    if (seen) return escaped('our own environment was read');
    const readable = shown.some(({ ok, output }) => ok && output.includes('PATH='));
    return agent.rung === 'landlock' && readable ? escaped('/proc was read') : contained('nothing of ours is in there');
  },
  twin: async (agent) => {
    const { ok, output } = await agent.use('read_file', { path: 'links/inside' });
    return ok ? passed('a link to a file of the workspace was read') : hindered(output);
  },
});

export const fileAttacks: readonly Attack[] = [
  ...symlinkOut,
  ...pathsOut,
  atTheTools('S2', 'dots lead out of the workspace', () => ['../a.txt', 'deep/../../a.txt', './..//a.txt']),
  atTheTools('S2', 'a NUL byte ends the name early', () => ['y.txt\0.png', '\0']),
  ...environmentByTool,
  atTheTools('S4', 'an absolute path names what is not in the workspace', (outside) => ['/proc/self/environ', outside]),
];
