import { drawFrom } from '../../fakes/seeded-numbers.ts';
import { contend } from './contender.ts';
import type { WorkerPlan } from './load-plan.ts';
import { openStore } from './open-store.ts';
import { openOperationLog } from './operation-log.ts';
import { skewedClock } from './shared-clock.ts';

/** One process full of contenders; started by `worker-process.ts`, and killed by it at any moment. */
const plan = JSON.parse(process.argv[2] ?? '') as WorkerPlan;
const clock = skewedClock(plan.time, plan.skewMs);
let left = plan.attempts;
const report = setInterval(() => process.send?.({ left }), 100);

await using opened = await openStore(plan.place, clock);
using log = openOperationLog(plan.logs);
const contenders = Array.from({ length: plan.contenders }, (_, index) =>
  contend({
    index,
    plan,
    log,
    store: opened.store,
    draw: drawFrom(plan.seed * 1_000 + index),
    now: clock.monotonic,
    pause: (ms) => clock.sleep(ms),
    takeAttempt: () => {
      if (clock.monotonic() >= plan.until) return false;
      left -= 1;
      return left >= 0;
    },
  }),
);
await Promise.all(contenders);
clearInterval(report);
process.disconnect?.();
