import { artifactType } from '../../domain/artifact.ts';
import * as flow from '../../flows/run-artifacts.ts';
import { downloadArtifact, listArtifacts, uploadArtifact } from '../../wire/endpoints/artifacts.ts';
import type { AppParts } from '../app-options.ts';
import { forbidden, notUnderstood } from '../problems.ts';
import { answer, missing, type Route, refusal, route, touchesNothing } from '../route.ts';
import { visibleRun } from '../visible-run.ts';

/** Files of runs: who may is asked here, the bytes go straight to where they are kept. */
export function artifactRoutes({ coordination, objects, access, clock }: AppParts): readonly Route[] {
  const { runs } = coordination;
  return [
    route(uploadArtifact, touchesNothing, async ({ params, body, caller }) => {
      if (objects === undefined) return keepsNone;
      const type = artifactType(body.name);
      if (body.contentType !== type) return { kind: 'problem', problem: notUnderstood(`${body.name} is of ${type}`) };
      const run = await visibleRun(runs, params.id, caller);
      if (run === undefined) return missing;
      const slot = await flow.takeFileSlot(access.idempotency, { runId: run.id, name: body.name, now: clock.now() });
      if (slot === 'none') return refusal({ kind: 'full', limit: 'count' } as const);
      const offered = await flow.offerUpload(objects, run, body);
      return offered.kind === 'upload' || offered.kind === 'exists' ? answer(offered) : refusal(offered);
    }),
    route(listArtifacts, touchesNothing, async ({ params, caller }) => {
      if (objects === undefined) return keepsNone;
      if ((await visibleRun(runs, params.id, caller)) === undefined) return missing;
      return answer({ artifacts: await flow.listArtifacts(objects, params.id) });
    }),
    route(downloadArtifact, touchesNothing, async ({ params, caller }) => {
      if (objects === undefined) return keepsNone;
      const run = await visibleRun(runs, params.id, caller);
      const offered = run && (await flow.offerDownload(objects, params.id, params.name));
      return offered === undefined ? missing : answer(offered);
    }),
  ];
}

const keepsNone = {
  kind: 'problem',
  problem: forbidden(
    'this coordinator keeps no files of runs',
    'start it with a store of objects (entropy-playground serve has one)',
  ),
} as const;
