import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { EntropyError } from '../../domain/error.ts';
import type { CliIo } from '../cli-io.ts';

/** Tells the first key of the coordinator once: on stderr, since stdout is kept in logs and pipes, or in a file of its own. */
export function tellAdminKey(file: string | undefined, io: CliIo): (key: string) => Promise<void> {
  return async (key) => {
    if (file === undefined) {
      const note = 'the admin key of the coordinator, told this once; keep it: ENTROPY_COORDINATOR_KEY=';
      io.stderr.write(`  ${note}\n  ${io.paintErr.strong(key)}\n`);
      return;
    }
    const place = resolve(io.cwd, file);
    const made = await open(place, 'wx', 0o600).catch((cause: unknown) => {
      throw new EntropyError({
        code: 'E104',
        message: `cannot write the admin key to ${file}: is there a file already?`,
        fix: 'name a new file with --admin-key-file; no key was made',
        cause,
      });
    });
    try {
      await made.writeFile(`${key}\n`);
      await made.sync();
    } finally {
      await made.close();
    }
    io.stderr.write(`  the admin key of the coordinator is in ${place}\n`);
  };
}
