import { isObject } from './json-shape.ts';

/** What CloudFormation templates say, as far as going back to an older one, or giving all up, depends on it. */

type Resources = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What holds data: no release may lose one of these. */
const keepers = ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable', 'AWS::S3::Bucket', 'AWS::KMS::Key'] as const;

/** Logical ids of what stays when the stack is destroyed. */
export function retainedResources(template: string): readonly string[] {
  return Object.entries(resourcesOf(template))
    .filter(([, { DeletionPolicy }]) => DeletionPolicy === 'Retain' || DeletionPolicy === 'RetainExceptOnCreate')
    .map(([id]) => id);
}

/** Why the older template cannot be put in the place of the newer one: each thing that it would take away. */
export function lostByGoingBack(newer: string, older: string): readonly string[] {
  const before = resourcesOf(older);
  const now = resourcesOf(newer);
  const anew = Object.entries(before)
    .filter(([id, { Type }]) => now[id] === undefined && keepers.some((type) => type === Type))
    .map(([id, { Type }]) => `${String(Type)} ${id} would be made new and empty`);
  return [...anew, ...lost(now, before)];
}

function lost(now: Resources, before: Resources): readonly string[] {
  return Object.entries(now).flatMap(([id, resource]) => {
    const kept = keepers.find((type) => type === resource['Type']);
    if (kept === undefined) return [];
    const earlier = before[id];
    if (earlier === undefined) return [`${kept} ${id} is not in it`];
    const missing = indexesOf(resource).filter((index) => !indexesOf(earlier).includes(index));
    return missing.map((index) => `the index ${index} of ${id} is not in it`);
  });
}

function indexesOf({ Properties }: Readonly<Record<string, unknown>>): readonly string[] {
  const indexes = isObject(Properties) ? Properties['GlobalSecondaryIndexes'] : undefined;
  const names = Array.isArray(indexes)
    ? indexes.map((index: unknown) => (isObject(index) ? index['IndexName'] : ''))
    : [];
  return names.filter((name): name is string => typeof name === 'string');
}

function resourcesOf(template: string): Resources {
  const read: unknown = JSON.parse(template);
  const resources = isObject(read) ? read['Resources'] : undefined;
  if (!isObject(resources)) return {};
  return Object.fromEntries(Object.entries(resources).filter(([, resource]) => isObject(resource))) as Resources;
}
