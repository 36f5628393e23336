/** The syntax tree of a query; where a node stood in the text is told by errors, not kept in the tree. */
export type Query =
  | { readonly kind: 'all' }
  | { readonly kind: 'and'; readonly parts: readonly Query[] }
  | { readonly kind: 'or'; readonly parts: readonly Query[] }
  | { readonly kind: 'not'; readonly part: Query }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'term'; readonly field: string; readonly values: readonly QueryValue[] };

export type QueryValue =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'compare'; readonly operator: '>' | '>=' | '<' | '<='; readonly text: string }
  | { readonly kind: 'range'; readonly from: string; readonly to: string };
