import { isObject } from '../json-shape.ts';

/** Keys of custom agents of GitHub Copilot, which lie in the same folder, and none of ours. */
const theirs = [
  'name',
  'target',
  'infer',
  'mcp-servers',
  'metadata',
  'handoffs',
  'argument-hint',
  'disable-model-invocation',
  'user-invocable',
] as const;
/** Who writes one of these means a role of ours, whatever else stands there. */
const ours = ['results', 'budget', 'paths'] as const;

/**
 * Whether front matter describes an agent of GitHub Copilot and no role. Only what nobody could have meant as a role counts: a role
 * that was written wrong is refused, so that nobody is given more than they wrote.
 */
export function isOtherAgent(frontMatter: unknown): boolean {
  if (!isObject(frontMatter) || ours.some((key) => Object.hasOwn(frontMatter, key))) return false;
  const { tools } = frontMatter;
  // Ours is a group with `allowed` and `denied`.
  const theirTools = typeof tools === 'string' || Array.isArray(tools);
  return theirTools || theirs.some((key) => Object.hasOwn(frontMatter, key));
}
