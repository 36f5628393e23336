import type { OmittedText } from '../domain/dispatch/omitted-text.ts';
import type { QueuedDelivery } from '../domain/dispatch/queued-message.ts';
import { type IssuePlace, parseFullName, type RepositoryRef } from '../domain/repository.ts';
import { textHash, withText } from './omit-texts.ts';

type Payload = Readonly<Record<string, unknown>>;
type ReviewWords = Extract<OmittedText['of'], { readonly pull: number }>;

/** What GitHub says now. Undefined: it was deleted, or we may not see it. */
export interface TextSource {
  issueText(place: IssuePlace): Promise<string | undefined>;
  commentText(repository: RepositoryRef, comment: number): Promise<string | undefined>;
  /** Of a review, or of a comment on a line. */
  reviewText(repository: RepositoryRef, of: ReviewWords): Promise<string | undefined>;
}

export interface WholeDelivery {
  /** For the books (`readForgeEvent`): with the texts as they are now. */
  readonly told: Payload;
  /**
   * For the gate (`readTriggerEvent`): a text that is no longer the one which the person saw ends differently from what GitHub
   * says, so that the gate finds what was asked for changed and says so, as it does after any other edit.
   */
  readonly asked: Payload;
}

/** A delivery with the texts that were too long for the queue, as if they had never been left out. */
export async function restoreTexts(delivery: QueuedDelivery, source: TextSource): Promise<WholeDelivery> {
  let whole: WholeDelivery = { told: delivery.payload, asked: delivery.payload };
  for (const omitted of delivery.omitted ?? []) {
    const text = (await readText(omitted, source)) ?? '';
    const asSeen = textHash(text) === omitted.sha256;
    whole = {
      told: withText(whole.told, omitted.at, text),
      asked: withText(whole.asked, omitted.at, asSeen ? text : `${text}${changedSince}`),
    };
  }
  return whole;
}

const changedSince = '\n\n(What was delivered was another text.)';

async function readText(omitted: OmittedText, source: TextSource): Promise<string | undefined> {
  const repository = parseFullName(omitted.repository);
  if (repository === undefined) return undefined;
  const { of } = omitted;
  switch (of.kind) {
    case 'issue':
      return source.issueText({ repository, number: of.number });
    case 'comment':
      return source.commentText(repository, of.id);
    case 'review':
    case 'line-comment':
      return source.reviewText(repository, of);
    default:
      return of satisfies never;
  }
}
