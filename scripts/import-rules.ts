/**
 * Who may import whom, as the one table of architecture.md; `biome.json` is generated from it by `node scripts/biome.ts`.
 * Keys are rooms, values the rooms that they may import (besides themselves).
 */
export const mayImport: Readonly<Record<string, readonly string[]>> = {
  'src/domain': [],
  'src/ports': ['domain'],
  'src/agent': ['domain', 'ports'],
  'src/flows': ['domain', 'ports', 'agent'],
  'src/wire': ['domain'],
  'src/adapters': ['domain', 'ports', 'wire'],
  'src/embedded': ['domain', 'ports'],
  'src/server': ['domain', 'ports', 'flows', 'wire'],
  'src/runtime': ['domain', 'ports', 'agent', 'flows', 'wire', 'adapters', 'embedded', 'server'],
  'src/cli': ['domain', 'ports', 'runtime'],
  lambdas: ['domain', 'runtime'],
  cdk: ['domain', 'runtime'],
};
