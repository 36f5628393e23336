import { repositoriesOf } from '../../domain/access/caller.ts';
import { describeError } from '../../domain/error.ts';
import { docsPage, health, metrics, openApi, readiness } from '../../wire/endpoints/service.ts';
import type { AppParts } from '../app-options.ts';
import { docsHtml, docsPolicy } from '../docs-page.ts';
import { type Metrics, metricsMediaType } from '../metrics.ts';
import { openApiDocument } from '../openapi.ts';
import { forbidden, unavailable } from '../problems.ts';
import { type AnyRoute, answer, openRoute, route, touchesNothing } from '../route.ts';
import { storeGauges } from '../store-gauges.ts';

export function serviceRoutes(parts: AppParts, counted: Metrics): readonly AnyRoute[] {
  const { coordination, queue, stopping, version, log } = parts;
  const probed = sharedProbe(parts);
  // Both are the same for every reader, and made when the first one asks.
  const document = lazy(() => openApiDocument(version));
  const page = lazy(() => docsHtml(document()));
  return [
    openRoute(health, async () => answer({ status: 'ok', version })),
    openRoute(readiness, async () => {
      if (stopping.aborted) return { kind: 'problem', problem: unavailable('the coordinator is about to end') };
      try {
        await probed();
        return answer({ status: 'ready' });
      } catch (error) {
        log({ event: 'not ready', fault: describeError(error) });
        return { kind: 'problem', problem: unavailable('the store cannot be written to') };
      }
    }),
    route(metrics, touchesNothing, async ({ caller }) => {
      if (repositoriesOf(caller) !== undefined) return acrossRepositories;
      const text = counted.render(await storeGauges(coordination, queue));
      return { kind: 'response', response: new Response(text, { headers: { 'content-type': metricsMediaType } }) };
    }),
    openRoute(openApi, async () => answer(document())),
    openRoute(docsPage, async () => {
      const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': docsPolicy };
      return { kind: 'response', response: new Response(page(), { headers }) };
    }),
  ];
}

const acrossRepositories = {
  kind: 'problem',
  problem: forbidden(
    'figures are about all repositories, and this key is limited to some',
    'use a key without a limit',
  ),
} as const;

/** Anybody may ask; the store is written to at most so often, whoever asks meanwhile gets the same answer. */
const probeEveryMs = 2_000;

function sharedProbe({ probeStore, clock }: AppParts): () => Promise<void> {
  let last: { readonly at: number; readonly result: Promise<void> } | undefined;
  return () => {
    if (last === undefined || clock.monotonic() - last.at >= probeEveryMs) {
      last = { at: clock.monotonic(), result: probeStore() };
    }
    return last.result;
  };
}

function lazy<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
