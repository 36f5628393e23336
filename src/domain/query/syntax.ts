/**
 * The syntax tree of a query, in its normal form (`normal-form.ts`): equal queries that were written differently are
 * mostly equal trees, and `parseQuery(printQuery(query))` gives the tree back. Where a node stood in the text is told by
 * errors, not kept in the tree.
 */
export type Query =
  | { readonly kind: 'all' }
  | { readonly kind: 'and'; readonly parts: readonly Query[] }
  | { readonly kind: 'or'; readonly parts: readonly Query[] }
  | { readonly kind: 'not'; readonly part: Query }
  | TextQuery
  | TermQuery;

/** Words that follow each other, in title or body unless `in:` says otherwise. */
export interface TextQuery {
  readonly kind: 'text';
  readonly text: string;
}

/** `field:value,value`: one of the values fits. */
export interface TermQuery {
  readonly kind: 'term';
  readonly field: string;
  readonly values: readonly QueryValue[];
}

export type Comparison = '>' | '>=' | '<' | '<=';

/** Texts are in the canonical form of their field (`field-values.ts`): dates, numbers, references are valid. */
export type QueryValue =
  | { readonly kind: 'literal'; readonly text: string }
  /** `*`: has any value. */
  | { readonly kind: 'any' }
  | { readonly kind: 'compare'; readonly operator: Comparison; readonly text: string }
  /** Both ends belong to it. */
  | { readonly kind: 'range'; readonly from: string; readonly to: string };

export const everything: Query = { kind: 'all' };
