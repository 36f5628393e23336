import { describeError } from '../../domain/error.ts';
import type { RequestToSelf } from './deploy-world.ts';

/** Behind a cold start and a slow network. */
const answerMs = 20_000;
const shownChars = 500;

/** One request to the deployment, as anybody on the internet sends it. What did not answer has status 0. */
export async function requestToSelf(url: string, init: RequestToSelf = { method: 'GET' }, signal: AbortSignal) {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(answerMs)]);
  try {
    const answer = await fetch(url, { ...init, redirect: 'manual', signal: limit });
    return { status: answer.status, text: (await answer.text()).slice(0, shownChars) };
  } catch (error) {
    signal.throwIfAborted();
    return { status: 0, text: describeError(error) };
  }
}
