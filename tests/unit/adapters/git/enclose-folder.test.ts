import { expect, test } from 'vitest';
import { encloseFolder } from '../../../../src/adapters/git/enclose-folder.ts';
import { realRepository } from '../../../fakes/real-repository.ts';
import { tempFolder } from '../../../fakes/temp-folder.ts';

test('a folder of files becomes a clean repository that knows them all, ignored ones and modes included', async () => {
  using folder = tempFolder({ 'a.txt': 'a\n', 'src/b.txt': 'b\r\n', '.gitignore': '*.log\n', 'kept.log': 'kept\n' });
  await encloseFolder({ folder: folder.root, path: process.env['PATH'] ?? '', signal: AbortSignal.timeout(10_000) });
  using outside = realRepository();
  const git = (...args: string[]) => outside.git('-C', folder.root, ...args);
  expect(git('ls-files').split('\n')).toEqual(['.gitignore', 'a.txt', 'kept.log', 'src/b.txt']);
  expect([git('status', '--porcelain'), git('log', '--format=%s'), git('fsck')]).toEqual(['', 'merged', '']);
});
