import type { Ref } from '../git/bare-repository.ts';
import { isAncestor } from '../git/history.ts';
import { isRefName, isSha, zeroSha } from '../git/ref-name.ts';
import { conflict, notFound, unprocessable } from '../http/problem.ts';
import { created, noContent, ok, param, type RepositoryCall, type Route, repositoryRoute } from '../http/route.ts';
import { readers, writers } from '../identity/access.ts';
import { followRef } from '../pulls/follow-ref.ts';
import { gitNodeId } from '../render/commit.ts';
import { repositoryApiUrl } from '../render/repository.ts';

const git = '/repos/{owner}/{repo}/git';

export const gitRefRoutes: readonly Route[] = [
  repositoryRoute(`GET ${git}/ref/{ref}`, readers('contents'), async (call) => {
    await checkNotEmpty(call);
    const ref = await call.repository.git.ref(`refs/${param(call, 'ref')}`);
    if (ref === undefined) throw notFound();
    return ok(renderRef(call, ref));
  }),
  repositoryRoute(`GET ${git}/matching-refs/{ref}`, readers('contents'), async (call) => {
    const refs = await call.repository.git.refsStartingWith(`refs/${param(call, 'ref')}`);
    // Not paginated on GitHub either.
    return ok(refs.map((ref) => renderRef(call, ref)));
  }),
  repositoryRoute(`POST ${git}/refs`, writers('write', 'contents'), createRef),
  repositoryRoute(`PATCH ${git}/refs/{ref}`, writers('write', 'contents'), updateRef),
  repositoryRoute(`DELETE ${git}/refs/{ref}`, writers('write', 'contents'), deleteRef),
];

function renderRef(call: RepositoryCall, ref: Ref) {
  const api = repositoryApiUrl(call.world, call.repository);
  return {
    ref: ref.name,
    node_id: gitNodeId('Ref', call.repository, ref.name),
    url: `${api}/git/${ref.name}`,
    object: { sha: ref.sha, type: ref.type, url: `${api}/git/${ref.type}s/${ref.sha}` },
  };
}

async function checkNotEmpty(call: RepositoryCall): Promise<void> {
  if (await call.repository.git.isEmpty()) throw conflict('Git Repository is empty.');
}

async function createRef(call: RepositoryCall) {
  const { repository, body } = call;
  const name = body.string('ref');
  const sha = body.string('sha');
  await checkNotEmpty(call);
  const wellFormed = /^refs\/[^/]+\/.+/.test(name) && isRefName(name) && !name.startsWith('refs/pull/');
  if (!wellFormed) throw unprocessable(`Reference name must start with 'refs/' and have at least two slashes: ${name}`);
  const info = await existing(call, sha, name);
  const outcome = await repository.git.updateRef(name, info.sha, zeroSha);
  if (outcome === 'conflict') {
    const there = await repository.git.ref(name);
    throw unprocessable(there === undefined ? 'Reference update failed' : 'Reference already exists');
  }
  await followRef(call, { ref: name, before: zeroSha, after: info.sha });
  const rendered = renderRef(call, { name, sha: info.sha, type: info.type });
  return created(rendered, rendered.url);
}

/** The object that a ref shall point at; a branch takes commits only. */
async function existing(call: RepositoryCall, sha: string, ref: string) {
  if (!isSha(sha)) throw unprocessable('The sha parameter must be exactly 40 characters and contain only [0-9a-f].');
  const info = await call.repository.git.objects.info(sha);
  if (info === undefined) throw unprocessable('Object does not exist');
  if (ref.startsWith('refs/heads/') && info.type !== 'commit') throw unprocessable('Reference update failed');
  return info;
}

/** How often a lost race is looked at again before it is reported as one. */
const attempts = 5;

async function updateRef(call: RepositoryCall) {
  const { repository, body } = call;
  const name = `refs/${param(call, 'ref')}`;
  const sha = body.string('sha');
  const force = body.optionalBoolean('force') ?? false;
  const info = await existing(call, sha, name);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const current = await repository.git.ref(name);
    if (current === undefined) throw unprocessable('Reference does not exist');
    const forward = force || (info.type === 'commit' && (await isAncestor(repository.git, current.sha, sha)));
    if (!forward) throw unprocessable('Update is not a fast forward');
    const outcome = await repository.git.updateRef(name, sha, current.sha);
    if (outcome === 'conflict') continue;
    if (current.sha !== sha) await followRef(call, { ref: name, before: current.sha, after: sha });
    return ok(renderRef(call, { name, sha, type: info.type }));
  }
  throw unprocessable('Update is not a fast forward');
}

async function deleteRef(call: RepositoryCall) {
  const { repository } = call;
  const name = `refs/${param(call, 'ref')}`;
  const current = await repository.git.ref(name);
  if (current === undefined) throw unprocessable('Reference does not exist');
  if (name === `refs/heads/${repository.defaultBranch}`) throw unprocessable('Cannot delete the default branch');
  const outcome = await repository.git.updateRef(name, zeroSha, current.sha);
  if (outcome === 'conflict') throw conflict('Reference cannot be deleted: it was changed at the same time');
  await followRef(call, { ref: name, before: current.sha, after: zeroSha });
  return noContent;
}
