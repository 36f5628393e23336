import { describeError, EntropyError } from '../../domain/error.ts';
import { type AppInfo, readAppInfo } from './app-settings.ts';
import { objectIn, textIn } from './json-reader.ts';

export interface ConversionRequest {
  readonly apiUrl: string;
  readonly code: string;
  readonly userAgent: string;
  readonly signal: AbortSignal;
}

export interface NewApp {
  readonly app: AppInfo;
  /** PEM. GitHub gives it this once and keeps only the public half. */
  readonly privateKey: string;
}

const answerMs = 30_000;

/**
 * The code that GitHub gave the browser, for the App and its private key. A code is good for one exchange, so this is never
 * sent twice: after a lost answer the App is there and its key is not.
 */
export async function convertManifest({ apiUrl, code, userAgent, signal }: ConversionRequest): Promise<NewApp> {
  const answer = await ask(`${apiUrl.replace(/\/$/, '')}/app-manifests/${encodeURIComponent(code)}/conversions`, {
    method: 'POST',
    headers: { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28', 'user-agent': userAgent },
    signal: AbortSignal.any([signal, AbortSignal.timeout(answerMs)]),
    redirect: 'manual',
  }).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw notMade(`GitHub's answer was lost (${describeError(cause)})`, afterLoss, cause);
  });
  if (answer.status === 404 || answer.status === 422) {
    throw notMade('GitHub does not know the code: it was used already, or is older than an hour', startAnew);
  }
  if (answer.status !== 201) throw notMade(`GitHub answered ${answer.status} to its own code`, startAnew);
  const data = objectIn(answer.data, 'the new App');
  return { app: readAppInfo(data), privateKey: textIn(data, 'pem') };
}

async function ask(url: string, init: RequestInit): Promise<{ readonly status: number; readonly data: unknown }> {
  const answer = await fetch(url, init);
  const text = await answer.text();
  return { status: answer.status, data: answer.status === 201 ? JSON.parse(text) : undefined };
}

const startAnew = 'run entropy-playground deploy again and press the button of the new page';
const afterLoss =
  'the App may be there without us: look under Settings → Developer settings → GitHub Apps, generate a private key there and go on with --app-id and --private-key-file, or delete it and start anew';

function notMade(message: string, fix: string, cause?: unknown): EntropyError {
  return new EntropyError({ code: 'E761', message, fix, ...(cause !== undefined && { cause }) });
}
