import type { Hono } from 'hono';
import type { RequestLog } from '../http/request-log.ts';
import type { World } from '../world.ts';

export function addPages(app: Hono, _world: World, log: RequestLog): void {
  app.get('/_inspector', (context) => context.json({ counts: log.counts(), requests: log.requests() }));
}
