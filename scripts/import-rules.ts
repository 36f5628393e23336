/**
 * Who may import whom, as the one table of architecture.md; `biome.json` is generated from it by `node scripts/biome.ts`.
 * Keys are rooms, values the rooms that they may import (besides themselves).
 */
export const mayImport: Readonly<Record<string, readonly string[]>> = {
  'src/domain': [],
  'src/ports': ['domain'],
  'src/agent': ['domain', 'ports'],
  'src/flows': ['domain', 'ports', 'agent'],
  'src/adapters': ['domain', 'ports'],
  'src/embedded': ['domain', 'ports'],
  'src/runtime': ['domain', 'ports', 'agent', 'flows', 'adapters', 'embedded'],
  'src/cli': ['domain', 'ports', 'runtime'],
};
