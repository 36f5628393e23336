/**
 * What a comment, pull request or claim says about itself in an HTML comment that people do not see. A marker is how a
 * later step finds its own writing again; it proves nothing by itself, for anybody can type one: compare the author too.
 */
export interface Marker {
  readonly issue: number;
  readonly fence: number;
  /** ULID of the run. */
  readonly run: string;
  /** What the marked text is, e.g. `tracking`, `pull-request`, `refusal-carol`. */
  readonly op: string;
}

const opening = '<!-- entropy:';
const closing = '-->';
/** Longer than any marker that `marker` can write; bounds the work for each opening found. */
const maxMarkerLength = 240;
const shape =
  /^<!-- entropy:issue=([1-9][0-9]{0,9}) fence=(0|[1-9][0-9]{0,14}) run=([0-9A-Za-z]{1,64}) op=([a-z][a-z0-9-]{0,79}) -->$/;

/** `<!-- entropy:issue=42 fence=7 run=01J… op=tracking -->`. Throws a RangeError for values that no marker may carry. */
export function marker(values: Marker): string {
  const text = `${opening}issue=${values.issue} fence=${values.fence} run=${values.run} op=${values.op} ${closing}`;
  const readable = parseOne(text) !== undefined;
  if (!readable) throw new RangeError(`not a marker: ${JSON.stringify(values)}`);
  return text;
}

/** Every well-formed marker in a text, in order; whatever only looks like one is passed over. Linear in the text. */
export function parseMarkers(text: string): readonly Marker[] {
  const found: Marker[] = [];
  let from = text.indexOf(opening);
  while (from !== -1) {
    const candidate = text.slice(from, from + maxMarkerLength);
    const end = candidate.indexOf(closing);
    const parsed = end === -1 ? undefined : parseOne(candidate.slice(0, end + closing.length));
    if (parsed !== undefined) found.push(parsed);
    from = text.indexOf(opening, from + opening.length);
  }
  return found;
}

/** What a text of ours says about itself: its marker stands in its first line, and nowhere else does one count. */
export function markOf(body: string): Marker | undefined {
  return parseMarkers(body.split('\n', 1)[0] ?? '')[0];
}

function parseOne(text: string): Marker | undefined {
  const match = shape.exec(text);
  if (match === null) return undefined;
  const [, issue = '', fence = '', run = '', op = ''] = match;
  return { issue: Number(issue), fence: Number(fence), run, op };
}
