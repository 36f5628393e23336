import { describe, expect, it } from 'vitest';
import { noSandbox } from '../../src/adapters/host-process/no-sandbox.ts';
import { runsCommands } from '../../src/domain/sandbox-rung.ts';
import { rungsOfThisMachine } from '../fakes/available-rungs.ts';
import { realRepository } from '../fakes/real-repository.ts';
import { openRoom } from '../fakes/sandbox-room.ts';
import { useTool } from '../fakes/tool-context.ts';

const { available } = await rungsOfThisMachine();
const context = { signal: new AbortController().signal, remainingMs: 60_000, earlierCallFailed: false };
const judge = async () => ({ kind: 'accepted' as const, output: '' });

describe.each([...available, noSandbox()].map((provider) => [provider.rung, provider] as const))(
  'the base beside the head, in %s',
  (rung, provider) => {
    it('is read by the file tools as /base, and nothing of its git data', async () => {
      using base = realRepository({ 'src/a.ts': 'const before = 1;\n' });
      base.write('gha-creds-0123abcd.json', '{"key":"k"}');
      await using room = await openRoom(provider, {
        files: { 'src/a.ts': 'const after = 2;\n' },
        options: { base: base.root },
      });
      const use = (name: string, input: unknown) => useTool(name, input, { ...context, judge, sandbox: room.sandbox });
      expect((await use('read_file', { path: '/base/src/a.ts' })).output).toContain('const before = 1;');
      expect((await use('read_file', { path: 'src/a.ts' })).output).toContain('const after = 2;');
      expect((await use('search', { pattern: 'const', path: '/base' })).output).toBe(
        '/base/src/a.ts:1:const before = 1;',
      );
      expect((await use('find_files', { glob: 'src/*.ts', path: '/base' })).output).toBe('/base/src/a.ts');
      expect((await use('read_file', { path: '/base/../etc/passwd' })).ok).toBe(false);
      if (rung === 'none') return;
      expect((await use('read_file', { path: '/base/.git/HEAD' })).ok).toBe(false);
      expect((await use('read_file', { path: '/base/gha-creds-0123abcd.json' })).output).not.toContain('"key"');
      expect((await use('write_file', { path: '/base/src/a.ts', content: 'x' })).ok).toBe(false);
    });

    it.skipIf(!runsCommands(rung))('is found by commands, which cannot write to it', async () => {
      using base = realRepository({ 'a.txt': 'before\n' });
      await using room = await openRoom(provider, { options: { base: base.root } });
      expect((await room.sh('cat "$BASE/a.txt"')).stdout).toBe('before\n');
      if (rung === 'none') return;
      expect((await room.sh('cat /base/a.txt; ls -A /base/.git')).stdout).toBe('before\n');
      expect((await room.sh('echo x > /base/a.txt')).exitCode).not.toBe(0);
      expect((await room.sh('echo x > /base/new.txt')).exitCode).not.toBe(0);
      expect((await room.sh('cp -r /base /tmp/copy && echo x > /tmp/copy/a.txt && cat /tmp/copy/a.txt')).stdout).toBe(
        'x\n',
      );
    });

    it('is nowhere when there is none', async () => {
      await using room = await openRoom(provider);
      const read = await useTool('read_file', { path: '/base/a.txt' }, { ...context, judge, sandbox: room.sandbox });
      expect(read).toMatchObject({ ok: false, summary: '✗ path' });
    });
  },
);
