import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bubblewrapSandbox } from '../../../../src/adapters/linux-namespaces/bubblewrap.ts';
import { startWorker } from '../../../../src/runtime/worker-link.ts';
import { openRoom } from '../../../fakes/sandbox-room.ts';
import { tempFolder } from '../../../fakes/temp-folder.ts';
import { stepPlace } from '../step-place.ts';

/** All that a program can see of variables, its own and those of processes around it, where the agent thinks. */
async function seenByWorker(): Promise<string> {
  // Into a file: its log is shown without secrets, which would hide that it has them.
  const program =
    "import { writeFileSync } from 'node:fs'; writeFileSync('SEEN', JSON.stringify(process.env)); process.disconnect();";
  using folder = tempFolder({ seen: '' });
  const seen = path.join(folder.root, 'seen');
  writeFileSync(path.join(folder.root, 'worker.mjs'), program.replace('SEEN', seen));
  const command = [process.execPath, path.join(folder.root, 'worker.mjs')] as const;
  await using worker = startWorker({ command, hostPath: process.env['PATH'] ?? '', tempDir: folder.root });
  await worker.finished.catch(() => undefined);
  return readFileSync(seen, 'utf8');
}

/** The same, where its commands run. */
async function seenByCommand(): Promise<string> {
  await using room = await openRoom(bubblewrapSandbox());
  const { stdout, stderr } = await room.sh(
    'env; set; cat /proc/self/environ /proc/1/environ /proc/*/environ /proc/*/cmdline 2>/dev/null | tr "\\0" "\\n"',
  );
  return `${stdout}\n${stderr}`;
}

export interface Seen {
  readonly worker: string;
  readonly command: string;
}

/** What is seen inside while the step around it has these variables. */
export async function seenInside(variables: Readonly<Record<string, string>>): Promise<Seen> {
  using _ = stepPlace(variables);
  return { worker: await seenByWorker(), command: await seenByCommand() };
}
