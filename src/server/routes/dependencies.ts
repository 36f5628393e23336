import { recordedActor } from '../../domain/access/caller.ts';
import type { Dependency } from '../../domain/coordination/dependency.ts';
import { addDependency, listDependencies, mirrorDependencies, removeDependency } from '../../wire/endpoints/tasks.ts';
import type { AppParts } from '../app-options.ts';
import { notUnderstood } from '../problems.ts';
import { answer, type Route, refusal, route } from '../route.ts';

export function dependencyRoutes({ coordination }: AppParts): readonly Route[] {
  const { tasks } = coordination;
  return [
    route(
      listDependencies,
      ({ params }) => ({ keys: [params.key] }),
      async ({ params }) => answer({ dependencies: await tasks.dependencies(params.key) }),
    ),
    route(
      addDependency,
      ({ params, body }) => ({ keys: [params.key, body.dependency.from, body.dependency.to] }),
      async ({ params, body, caller }) => {
        if (!isAbout(params.key, body.dependency)) return elsewhere(params.key);
        const added = await tasks.addDependency(body.dependency, recordedActor(caller, body.actor));
        return added.kind === 'cycle' ? refusal(added) : answer(added);
      },
    ),
    route(
      removeDependency,
      ({ params, query }) => ({ keys: [params.key, query.from, query.to] }),
      async ({ params, query, caller }) => {
        const { actor, ...dependency } = query;
        if (!isAbout(params.key, dependency)) return elsewhere(params.key);
        return answer({ kind: await tasks.removeDependency(dependency, recordedActor(caller, actor)) });
      },
    ),
    route(
      mirrorDependencies,
      ({ params, body }) => ({ keys: [params.key, ...body.edges.flatMap(({ from, to }) => [from, to])] }),
      async ({ params, body, caller }) => {
        const { key, source } = params;
        const isOwn = body.edges.every((edge) => edge.source === source && isAbout(key, edge));
        if (!isOwn) return elsewhere(key);
        const cycles = await tasks.mirrorDependencies(key, source, body.edges, recordedActor(caller, body.actor));
        return answer({ cycles });
      },
    ),
  ];
}

function isAbout(key: string, { from, to }: Pick<Dependency, 'from' | 'to'>): boolean {
  return from === key || to === key;
}

function elsewhere(key: string) {
  const problem = notUnderstood(`every edge must begin or end at ${key}, and be of the source in the path`);
  return { kind: 'problem', problem } as const;
}
