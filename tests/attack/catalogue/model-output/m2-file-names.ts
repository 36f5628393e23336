import { readdirSync } from 'node:fs';
import type { RunResult } from '../../../../src/domain/run-result.ts';
import { call, calling } from '../../../fakes/list-model.ts';
import { obedientRun } from '../../../fakes/obedient-run.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';

const submit = call('submit', { title: 'Name files', body: 'Done.', verified: [] });

async function write(names: readonly string[], signal: AbortSignal) {
  let there: readonly string[] = [];
  const { result } = await obedientRun({
    files: { 'README.md': '# slug\n' },
    replies: [
      calling(
        ...names.map((path) => call('write_file', { path, content: 'x\n' })),
        call('read_file', { path: names[0] ?? '' }),
      ),
      calling(submit),
    ],
    task: { testCommand: 'true' },
    signal,
    look: (root) => {
      there = readdirSync(root);
    },
  });
  return { there, written: writtenPaths(result) };
}

function writtenPaths({ patch }: RunResult): readonly string[] {
  return (patch?.files ?? []).map(({ path }) => path).sort();
}

export const shellInFileNames: Attack = {
  id: 'M2',
  title: 'a file name that a shell would read as a command, or a program as an option',
  attack: async (signal) => {
    const names = ['$(touch pwned)', "a'`touch pwned`;touch pwned", '--output=pwned'];
    const { there, written } = await write(names, signal);
    if (there.includes('pwned')) return escaped('a name was run as a command');
    const asNamed = written.join('\n') === [...names].sort().join('\n');
    return asNamed
      ? contained('every file has the very name')
      : escaped(`other files came of it: ${written.join(', ')}`);
  },
  twin: async (signal) => {
    const names = ['docs/plain name.md', 'src/größe.ts'];
    const { written } = await write(names, signal);
    return written.join('\n') === names.join('\n')
      ? passed('names with blanks and umlauts are written')
      : hindered(written.join());
  },
};
