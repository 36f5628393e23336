import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { refuseWithinReach } from '../../src/runtime/out-of-reach.ts';
import { tempFolder } from '../fakes/temp-folder.ts';

const packageRoot = path.join(import.meta.dirname, '../..');

describe('C5: code of ours that lies where the agent may write', () => {
  it('is refused when it, or a link on the way to it, is in the workspace', () => {
    using folder = tempFolder({ 'ws/actions/coder/dist/index.js': '', 'elsewhere/index.js': '' });
    const at = (name: string) => path.join(folder.root, name);
    symlinkSync(at('ws'), at('link'));
    const refusal = /inside of the workspace .*ws, where the agent may write/;
    for (const place of [
      'ws/actions/coder/dist/index.js',
      'link/actions/coder/dist/index.js',
      'ws/not/there/yet',
      'ws',
    ])
      expect(() => refuseWithinReach(at('ws'), { 'this action': at(place) })).toThrow(refusal);
    expect(() => refuseWithinReach(at('link'), { RUNNER_TEMP: at('ws/_temp') })).toThrow(refusal);
  });

  it('is fine beside the workspace, whatever its name begins with', () => {
    using folder = tempFolder({ 'ws/a': '', 'ws-other/index.js': '' });
    const at = (name: string) => path.join(folder.root, name);
    refuseWithinReach(at('ws'), { 'this action': at('ws-other/index.js'), 'the task': at('entropy-task/task.json') });
  });

  it('stops the agent and the coder action before anything of the repository runs', () => {
    using folder = tempFolder();
    const job = path.join(folder.root, 'job');
    const temp = path.join(folder.root, 'temp');
    mkdirSync(temp);
    mkdirSync(job);
    for (const name of ['agent', 'coder']) {
      const dist = path.join(job, '.entropy-playground/actions', name, 'dist');
      cpSync(path.join(packageRoot, 'actions', name, 'dist'), dist, { recursive: true });
      writeFileSync(path.join(temp, 'event.json'), '{}');
      const run = spawnSync(process.execPath, [path.join(dist, 'index.js')], {
        encoding: 'utf8',
        env: {
          PATH: process.env['PATH'],
          GITHUB_ACTIONS: 'true',
          GITHUB_ACTOR: 'alice',
          GITHUB_EVENT_NAME: 'issue_comment',
          GITHUB_EVENT_PATH: path.join(temp, 'event.json'),
          GITHUB_REPOSITORY: 'octo/slug',
          GITHUB_RUN_ID: '1',
          GITHUB_WORKSPACE: job,
          RUNNER_TEMP: temp,
          INPUT_WORKSPACE: '.',
          INPUT_TASK: '../temp/task.json',
          'INPUT_TASK-SHA256': '0'.repeat(64),
          'INPUT_GITHUB-TOKEN': 'ghs_canary',
        },
      });
      expect([name, run.status, run.stdout]).toEqual([
        name,
        1,
        expect.stringContaining('::error::E101 this action is at '),
      ]);
      expect(existsSync(path.join(temp, 'entropy-home'))).toBe(false);
    }
  });
});
