// Colours and cursor movements are for terminals; to a model they are only tokens. ECMA-48 control sequences, one linear scan.
const controlSequence = new RegExp(`${String.fromCharCode(27)}\\[[0-?]*[ -/]*[@-~]`, 'g');

export function stripStyles(text: string): string {
  return text.replaceAll(controlSequence, '');
}
