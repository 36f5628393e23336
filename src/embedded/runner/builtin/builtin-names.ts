/** GitHub's own actions that this runner replaces, by name and at any ref. */
export const builtinNames = [
  'actions/checkout',
  'actions/upload-artifact',
  'actions/download-artifact',
  'actions/setup-node',
  'actions/cache',
  'actions/cache/restore',
  'actions/cache/save',
] as const;

export type BuiltinName = (typeof builtinNames)[number];
