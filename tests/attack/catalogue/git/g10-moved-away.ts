import type { Attack } from '../attack.ts';
import { handOver, published, refused } from './handed-over.ts';

const services = { 'services/CODEOWNERS': '* @octo/security\n', 'services/api/main.ts': 'x\n' };
const replaced = { 'services/CODEOWNERS': undefined, 'services/api/main.ts': undefined, services: 'nothing to see\n' };
const workflow = { '.github/workflows/ci.yml': 'on: push\n' };

export const movedAway: readonly Attack[] = [
  {
    id: 'G10',
    title: 'a file takes the place of a folder with a protected file in it, and only the file is named',
    attack: async () =>
      refused(
        await handOver(services, replaced, (patch) => ({
          ...patch,
          files: patch.files.filter((file) => file.change !== 'deleted'),
        })),
        'the commit is asked which paths it changes',
      ),
    twin: async () =>
      published(await handOver(services, { 'services/api/main.ts': undefined, 'services/api': 'one file\n' })),
  },
  {
    id: 'G10',
    title: 'a workflow is renamed to a path that nobody protects, which ends it',
    attack: async () =>
      refused(
        await handOver(workflow, { '.github/workflows/ci.yml': undefined, 'docs/ci.yml': 'on: push\n' }),
        'a rename is a deletion too, and that is checked',
      ),
    twin: async () => published(await handOver({ 'ci.txt': 'x\n' }, { 'ci.txt': undefined, 'docs/ci.txt': 'x\n' })),
  },
];
