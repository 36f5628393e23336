import type { ObjectReader } from '@actions/workflow-parser/templates/object-reader';
import { type LiteralToken, StringToken } from '@actions/workflow-parser/templates/tokens/index';
import { isString } from '@actions/workflow-parser/templates/tokens/type-guards';
import { type YamlError, YamlObjectReader } from '@actions/workflow-parser/workflows/yaml-object-reader';

/**
 * The package's YAML reader without the source text of strings. With it, the package (made for editors) builds the
 * expressions of a block such as `run: |` from the file's own characters, indentation and quotes included; a runner
 * needs the value.
 */
export function plainYamlReader(
  fileId: number,
  text: string,
): ObjectReader & { readonly errors: readonly YamlError[] } {
  const reader = new YamlObjectReader(fileId, text);
  return {
    errors: reader.errors,
    allowLiteral: () => withoutSource(reader.allowLiteral()),
    allowSequenceStart: () => reader.allowSequenceStart(),
    allowSequenceEnd: () => reader.allowSequenceEnd(),
    allowMappingStart: () => reader.allowMappingStart(),
    allowMappingEnd: () => reader.allowMappingEnd(),
    validateStart: () => reader.validateStart(),
    validateEnd: () => reader.validateEnd(),
  };
}

function withoutSource(token: LiteralToken | undefined): LiteralToken | undefined {
  if (token === undefined || !isString(token)) return token;
  return new StringToken(token.file, token.range, token.value, token.definitionInfo);
}
