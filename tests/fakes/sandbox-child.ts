/** A process of its own that opens a sandbox and runs one line in it: `node sandbox-child.ts RUNG WORKSPACE LINE`. */
import { runsCommands } from '../../src/domain/sandbox-rung.ts';
import { defaultSandboxLimits } from '../../src/ports/sandbox.ts';
import { linuxRungs } from './available-rungs.ts';
import { never, said, shell } from './sandbox-room.ts';

const [rung, workspace = '', line = ''] = process.argv.slice(2);
const provider = linuxRungs().find((candidate) => candidate.rung === rung);
if (provider === undefined) throw new Error(`no rung is named "${rung}"`);
await using sandbox = await provider.open({
  workspace,
  network: { kind: 'none' },
  limits: { ...defaultSandboxLimits, maxProcesses: 60 },
  env: {},
  hostPath: process.env['PATH'] ?? '',
});
const onOutput = (_: string, chunk: Uint8Array): unknown => process.stderr.write(chunk);
const files = runsCommands(provider.rung) ? {} : { files: { kind: 'read' } as const };
const { stdout, ...rest } = said(await sandbox.run(shell(line, { onOutput, ...files }), never));
process.stdout.write(JSON.stringify({ stdout, ...rest }));
