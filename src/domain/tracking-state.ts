import { parseMarkers } from './markers.ts';
import { trackingOp } from './tracking-comment.ts';

/** What the tracking comment of a run says about itself, or undefined when a text is no tracking comment. */
export function readTrackingComment(
  body: string,
): { readonly issue: number; readonly fence: number; readonly runId: string; readonly working: boolean } | undefined {
  const end = body.indexOf('\n');
  const first = end === -1 ? body : body.slice(0, end);
  const mark = parseMarkers(first)[0];
  if (mark === undefined || mark.op !== trackingOp) return undefined;
  const working = /^\s*### 🤖 [a-z0-9-]{1,40} is working on this · fence /.test(body.slice(first.length));
  return { issue: mark.issue, fence: mark.fence, runId: mark.run, working };
}

/** A tracking comment by which a change or a plan waits for approval. */
export function showsPlan(body: string): boolean {
  const heading = /^[^\n]*\n\s*### 🤖 [a-z0-9-]{1,40} waits for approval[ \t\r]*(?:\n|$)/;
  return readTrackingComment(body) !== undefined && heading.test(body);
}
