import { type Attributes, toAttributes } from './attribute-values.ts';
import { type ItemKey, keyText } from './item-keys.ts';

export interface IndexQuery {
  readonly index: { readonly name: string; readonly partitionKey: string; readonly sortKey: string };
  readonly partition: string;
  /** On the sort key; not together with the others. */
  readonly beginsWith?: string;
  /** Sort keys from this one on. */
  readonly from?: string;
  /** Smaller than this; a text that no sort key equals. */
  readonly below?: number | string;
  /** The last first. */
  readonly descending?: boolean;
  /** Not more than so many in a page. */
  readonly pageSize?: number;
}

/** What an index that holds keys only tells of an item: its key, and its place in the index. */
export interface IndexEntry extends ItemKey {
  readonly order: string;
}

/** Items of one partition of the table itself, in the order of their sort keys. */
export interface PartitionQuery {
  readonly partition: string;
  /** Sort keys from this one on, and up to that one, both included. */
  readonly from?: string;
  readonly to?: string;
  /** Not more than so many in a page. */
  readonly pageSize?: number;
}

/** Before and after every sort key: a text of DynamoDB is not empty and is ordered by its bytes. */
const [firstText, lastText] = ['\u0000', '\u{10ffff}'];

export function queryInput({ index, partition, beginsWith, from, below, descending, pageSize }: IndexQuery) {
  const bounds = sortBounds({ beginsWith, from, below });
  return {
    IndexName: index.name,
    KeyConditionExpression: ['#partition = :partition', ...bounds].join(' AND '),
    ExpressionAttributeNames: {
      '#partition': index.partitionKey,
      ...(bounds.length > 0 && { '#sort': index.sortKey }),
    },
    ExpressionAttributeValues: toAttributes({
      ':partition': partition,
      ':begin': beginsWith,
      ':from': from,
      ':below': below,
    }),
    ...(descending === true && { ScanIndexForward: false }),
    ...(pageSize !== undefined && { Limit: pageSize }),
  };
}

/** A key condition knows one comparison of the sort key. */
function sortBounds(asked: {
  readonly beginsWith: string | undefined;
  readonly from: string | undefined;
  readonly below: number | string | undefined;
}): readonly string[] {
  if (asked.beginsWith !== undefined) return ['begins_with(#sort, :begin)'];
  if (asked.from !== undefined && asked.below !== undefined) return ['#sort BETWEEN :from AND :below'];
  if (asked.from !== undefined) return ['#sort >= :from'];
  return asked.below === undefined ? [] : ['#sort < :below'];
}

export function entryOf(item: Attributes, { index }: IndexQuery): IndexEntry {
  const sort = item[index.sortKey];
  return { pk: item['pk']?.S ?? '', sk: item['sk']?.S ?? '', order: sort?.S ?? sort?.N ?? '' };
}

export function partitionInput({ partition, from, to, pageSize }: PartitionQuery) {
  return {
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
    ExpressionAttributeValues: toAttributes({ ':pk': partition, ':from': from ?? firstText, ':to': to ?? lastText }),
    ConsistentRead: true,
    ...(pageSize !== undefined && { Limit: pageSize }),
  };
}

export function textOfKey({ pk, sk }: Attributes): string {
  return keyText({ pk: pk?.S ?? '', sk: sk?.S ?? '' });
}
