import type { IncomingMessage, ServerResponse } from 'node:http';
import { describeError } from '../../domain/error.ts';
import { zeroSha } from './git/ref-name.ts';
import { gitService, serveGit } from './git/smart-http.ts';
import { GitHubProblem } from './http/problem.ts';
import { resolveCaller } from './http/serve-route.ts';
import { checkRepositoryAccess, readers, writers } from './identity/access.ts';
import type { Actor } from './identity/actor.ts';
import { followRef } from './pulls/follow-ref.ts';
import type { Repository } from './state/repository-state.ts';
import type { World } from './world.ts';

export interface GitAddress {
  readonly owner: string;
  readonly name: string;
  readonly path: string;
  readonly query: string;
}

/** `/owner/name.git/info/refs?service=…` and its like; git leaves `.git` away when the person did. */
export function gitAddress(url: string): GitAddress | undefined {
  const [path = '', query = ''] = url.split('?', 2);
  const match = /^\/([^/]+)\/([^/]+?)(?:\.git)?(\/info\/refs|\/git-upload-pack|\/git-receive-pack)$/.exec(path);
  const [owner, name, rest] = [match?.[1], match?.[2], match?.[3]];
  if (owner === undefined || name === undefined || rest === undefined) return undefined;
  return { owner, name, path: rest, query };
}

const reading = readers('contents');
const writing = writers('write', 'contents');

/** git over HTTP: who may, then git itself, then what a push means for pull requests and events. */
export async function serveGitEndpoint(
  world: World,
  address: GitAddress,
  exchange: { readonly incoming: IncomingMessage; readonly outgoing: ServerResponse },
): Promise<void> {
  const { incoming, outgoing } = exchange;
  try {
    const service = gitService(address.path, address.query);
    const repository = world.store.repository(address.owner, address.name);
    const { actor } = resolveCaller(world, incoming.headers.authorization);
    const access = service === 'git-receive-pack' ? writing : reading;
    if (service === undefined || repository === undefined) throw hidden(actor);
    // git shows its password only when asked for it, and so sends its first request without one.
    if (repository.private && actor.kind === 'anonymous') throw hidden(actor);
    if (access.kind === 'repository') checkRepositoryAccess(access, repository, actor);
    const user = actor.kind === 'user' || actor.kind === 'installation' ? actor.account.login : '';
    const { path, query } = address;
    const outcome = await serveGit({ git: repository.git, path, query, user }, incoming, outgoing);
    for (const command of outcome.commands) await followPush({ world, repository, actor }, command);
  } catch (error) {
    refuse(error, outgoing);
  }
}

/** A push that was refused, or that lost against another, changes nothing here. */
async function followPush(
  scene: { world: World; repository: Repository; actor: Actor },
  command: { readonly before: string; readonly after: string; readonly ref: string },
): Promise<void> {
  const now = (await scene.repository.git.ref(command.ref))?.sha ?? zeroSha;
  if (now === command.after && command.before !== command.after) await followRef(scene, command);
}

/** Whether it is not there or not to be seen: who has not said who they are is asked, everybody else hears no more. */
function hidden(actor: Actor): GitHubProblem {
  return new GitHubProblem(actor.kind === 'anonymous' ? 401 : 404, 'Repository not found.');
}

function refuse(error: unknown, outgoing: ServerResponse): void {
  const problem = error instanceof GitHubProblem ? error : undefined;
  if (outgoing.headersSent) {
    outgoing.destroy();
    return;
  }
  const status = problem?.status ?? 500;
  const headers = status === 401 ? { 'www-authenticate': 'Basic realm="GitHub"' } : {};
  outgoing.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers });
  outgoing.end(`${problem?.message ?? describeError(error)}\n`);
}
