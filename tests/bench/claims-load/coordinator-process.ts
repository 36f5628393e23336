import { startCoordinator } from '../../../src/runtime/coordinator-server.ts';
import { type SharedTime, skewedClock } from './shared-clock.ts';

/** The coordinator as it is served, in a process of its own that can be killed. Started by `host-coordinator.ts`. */
export interface CoordinatorPlan {
  readonly stateFile: string;
  /** 0 the first time, then the same one again. */
  readonly port: number;
  readonly time: SharedTime;
}

export interface CoordinatorTold {
  readonly url: string;
  readonly adminKey?: string;
}

const plan = JSON.parse(process.argv[2] ?? '') as CoordinatorPlan;
const unlimited = { burst: 1_000_000_000, perSecond: 1_000_000_000 };
const { url, adminKey } = await startCoordinator({
  stateFile: plan.stateFile,
  host: '127.0.0.1',
  port: plan.port,
  adminKey: 'if-none',
  addressFrom: 'socket',
  log: ({ event, fault }) => {
    if (fault !== undefined) process.stderr.write(`coordinator: ${event}: ${fault}\n`);
  },
  // All contenders come with one key from one address; how much one may ask for has tests of its own.
  limits: { callerRate: unlimited, addressRate: unlimited },
  clock: skewedClock(plan.time, 0),
  // What the sweeper frees nobody would have on record.
  sweepEveryMs: 86_400_000,
});
const told: CoordinatorTold = { url, ...(adminKey !== undefined && { adminKey }) };
process.send?.(told);
