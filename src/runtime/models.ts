import { EntropyError } from '../domain/error.ts';
import { defaultModelName, parseModelChoice } from '../domain/model-choice.ts';
import type { PriceTable } from '../domain/price.ts';
import type { Clock } from '../ports/clock.ts';
import type { Model } from '../ports/model.ts';

export interface ModelOptions {
  /** As in `Task.agent.model`: `claude-opus-4-8`, `scripted:FILE`, `replay:FILE`. */
  readonly spec: string;
  /** Waited for only by a model that needs it, and when everything else is there. */
  readonly broker: Promise<{ readonly url: string; readonly token: string }>;
  readonly clock: Clock;
  readonly prices: PriceTable;
}

/** The model of a run. Each adapter is loaded only when it is used: the first request waits for this. */
export async function chooseModel({ spec, broker, clock, prices }: ModelOptions): Promise<Model> {
  const choice = parseModelChoice(spec);
  switch (choice?.kind) {
    case 'anthropic': {
      const { createAnthropicModel } = await import('../adapters/anthropic/anthropic-model.ts');
      const { anthropicPrices, withPrices } = await import('../domain/price.ts');
      const { url, token } = await broker;
      return createAnthropicModel({
        baseUrl: url,
        authToken: token,
        model: choice.name ?? defaultModelName,
        clock,
        prices: withPrices(anthropicPrices, prices),
      });
    }
    case 'scripted': {
      const { openScriptedModel } = await import('../adapters/scripted/scripted-model.ts');
      return openScriptedModel(choice.file);
    }
    case 'replay': {
      const { openReplayModel } = await import('../adapters/replay/replay-model.ts');
      return openReplayModel(choice.file);
    }
    case undefined:
      throw new EntropyError({
        code: 'E101',
        message: `the model "${spec}" names no file after its colon`,
        fix: 'write scripted:FILE or replay:FILE, or the name of a model',
      });
  }
}
