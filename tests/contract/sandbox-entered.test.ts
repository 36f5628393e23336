import { describe, expect, it } from 'vitest';
import { plantedCanary } from '../../src/adapters/linux-namespaces/planted-canary.ts';
import type { SandboxPass } from '../../src/adapters/linux-namespaces/sandbox-pass.ts';
import { enterSandbox } from '../../src/adapters/linux-namespaces/standing-sandbox.ts';
import { runsCommands } from '../../src/domain/sandbox-rung.ts';
import { defaultSandboxLimits } from '../../src/ports/sandbox.ts';
import { linuxRungs } from '../fakes/available-rungs.ts';
import { realRepository } from '../fakes/real-repository.ts';
import { never, said, shell } from '../fakes/sandbox-room.ts';

/** One process opens and proves a sandbox, another one works in it; what goes between them is plain data. */
for (const provider of linuxRungs().filter(({ rung }) => runsCommands(rung))) {
  const probed = await provider.probe(never);
  describe.skipIf(probed.kind === 'unavailable')(`entering an open ${provider.rung} sandbox`, () => {
    const open = async (workspace: string) =>
      provider.open({
        workspace,
        network: { kind: 'none' },
        limits: defaultSandboxLimits,
        env: { MOOD: 'fine' },
        hostPath: process.env['PATH'] ?? '',
      });
    const sent = (pass: SandboxPass): SandboxPass => JSON.parse(JSON.stringify(pass)) as SandboxPass;

    it('runs commands behind the same walls, beside those of the process that opened it', async () => {
      using repository = realRepository({ 'README.md': '# sample\n' });
      await using opened = await open(repository.root);
      await using entered = enterSandbox(sent(opened.pass));
      expect(entered).toMatchObject({ rung: opened.rung, description: opened.description });
      await opened.run(shell('echo kept >/tmp/note'), never);
      const input = { stdin: new TextEncoder().encode('typed\n') };
      const both = await Promise.all([
        entered.run(shell('cat /tmp/note - README.md; echo "$MOOD"', input), never),
        opened.run(shell('cat -', input), never),
      ]);
      expect(both.map((exit) => said(exit).stdout)).toEqual(['kept\ntyped\n# sample\nfine\n', 'typed\n']);
    });

    it('contains a canary', async () => {
      using repository = realRepository({ 'README.md': '# sample\n' });
      await using opened = await open(repository.root);
      await using entered = enterSandbox(sent(opened.pass));
      await using planted = await plantedCanary().plant(never);
      expect(planted.leaks(await entered.run(planted.probe, never))).toEqual([]);
    });

    it('leaves it standing, and starts nothing once it was closed', async () => {
      using repository = realRepository({ 'README.md': '# sample\n' });
      const opened = await open(repository.root);
      const entered = enterSandbox(sent(opened.pass));
      await enterSandbox(sent(opened.pass))[Symbol.asyncDispose]();
      expect(await entered.run(shell('true'), never)).toMatchObject({ exitCode: 0 });
      await opened[Symbol.asyncDispose]();
      await expect(entered.run(shell('true'), never)).rejects.toThrow();
      await entered[Symbol.asyncDispose]();
    });
  });
}
