import type { Attributes } from './attribute-values.ts';
import type { ItemChange } from './stream-events.ts';

/** A record of the table's stream as a function is given it: of its images only what this store writes. */
export interface StreamRecord {
  readonly dynamodb?:
    | {
        readonly OldImage?: Readonly<Record<string, unknown>> | undefined;
        readonly NewImage?: Readonly<Record<string, unknown>> | undefined;
        /** Seconds since 1970. */
        readonly ApproximateCreationDateTime?: number | undefined;
      }
    | undefined;
}

/** The images have the form of DynamoDB's own values; whoever reads an attribute looks at what it holds. */
export function changeOfRecord({ dynamodb }: StreamRecord): ItemChange {
  const seconds = dynamodb?.ApproximateCreationDateTime;
  return {
    before: dynamodb?.OldImage as Attributes | undefined,
    after: dynamodb?.NewImage as Attributes | undefined,
    ...(seconds !== undefined && { writtenAt: seconds * 1_000 }),
  };
}
