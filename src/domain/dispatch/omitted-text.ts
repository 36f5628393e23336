/** Where a text of a payload can be read on the forge again. */
export interface TextPlace {
  /** `issue`: the text is `payload.issue.body`. */
  readonly at: string;
  /** `octo/slug`. */
  readonly repository: string;
  readonly of:
    | { readonly kind: 'issue'; readonly number: number }
    | { readonly kind: 'comment'; readonly id: number }
    | { readonly kind: 'review' | 'line-comment'; readonly pull: number; readonly id: number };
}

/** A text that was too long for the queue. Its hash tells whether what the forge says later still is what was delivered. */
export interface OmittedText extends TextPlace {
  /** Of the text with `\n` as the end of its lines, 64 hexadecimal digits. */
  readonly sha256: string;
}
