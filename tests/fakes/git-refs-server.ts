import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ServedCommit {
  readonly message: string;
  readonly tree: string;
  readonly parents: readonly string[];
}

export interface GitRefsServer extends AsyncDisposable {
  readonly url: string;
  readonly refs: Map<string, string>;
  readonly commits: Map<string, ServedCommit>;
  /** Requests so far: `POST git/refs`. */
  readonly requests: string[];
  /** The next answer to such a request is lost: done, but the connection ends without a word. */
  loseNextAnswer(request: string): void;
}

export interface GitRefsServerOptions {
  /** `GET commits/{ref}` knows branches and tags only. */
  readonly otherRefs?: 'unresolved';
  readonly emptyTree?: 'unknown';
  readonly graphql?: 'missing';
}

const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/** GitHub's Git data routes for refs, commits and trees, atomic like the real ones; anything else answers 501. */
export async function startGitRefsServer(server: GitRefsServerOptions = {}): Promise<GitRefsServer> {
  const refs = new Map<string, string>();
  const commits = new Map<string, ServedCommit>();
  const requests: string[] = [];
  const lost: string[] = [];

  const answer = (name: string, path: string, body: Record<string, unknown>): [number, unknown] => {
    const last = decodeURIComponent(path.slice(path.lastIndexOf('/') + 1));
    switch (name) {
      case 'GET commits': {
        const sha = server.otherRefs === 'unresolved' ? undefined : refs.get(last);
        const commit = sha === undefined ? undefined : commits.get(sha);
        if (sha === undefined || commit === undefined) return [422, { message: `No commit found for SHA: ${last}` }];
        return [200, { sha, commit: commitBody(sha, commit), parents: [], files: [] }];
      }
      case 'POST graphql': {
        if (server.graphql === 'missing') return [404, { message: 'Not Found' }];
        const asked = [...String(body['query']).matchAll(/(c\d+):object\(oid:"([0-9a-f]+)"\)/g)];
        const found = asked.map(([, alias = '', sha = '']) => [alias, graphqlCommit(sha, commits.get(sha))]);
        return [200, { data: { repository: Object.fromEntries(found) } }];
      }
      case 'GET git/matching-refs':
        return [
          200,
          [...refs].filter(([ref]) => ref.startsWith(`refs/${last}`)).map(([ref, sha]) => refBody(ref, sha)),
        ];
      case 'GET git/ref': {
        const sha = refs.get(`refs/${last}`);
        return sha === undefined ? [404, { message: 'Not Found' }] : [200, refBody(`refs/${last}`, sha)];
      }
      case 'GET git/commits': {
        const commit = commits.get(last);
        return commit === undefined ? [404, { message: 'Not Found' }] : [200, commitBody(last, commit)];
      }
      case 'POST git/trees':
        return [201, { sha: hash(JSON.stringify(body['tree'])), tree: [] }];
      case 'POST git/commits': {
        const commit = body as unknown as ServedCommit;
        const unknown = server.emptyTree === 'unknown' && commit.tree === emptyTree;
        if (unknown) return [422, { message: 'Tree SHA does not exist' }];
        const sha = hash(JSON.stringify([commit.message, commit.tree, commit.parents]));
        commits.set(sha, commit);
        return [201, commitBody(sha, commit)];
      }
      case 'POST git/refs': {
        const [ref, sha] = [String(body['ref']), String(body['sha'])];
        if (refs.has(ref)) return [422, { message: 'Reference already exists' }];
        if (!commits.has(sha)) return [422, { message: 'Object does not exist' }];
        refs.set(ref, sha);
        return [201, refBody(ref, sha)];
      }
      case 'PATCH git/refs': {
        const [ref, sha] = [`refs/${last}`, String(body['sha'])];
        const current = refs.get(ref);
        if (current === undefined) return [422, { message: 'Reference does not exist' }];
        if (body['force'] === true) return [500, { message: 'never forced' }];
        if (!reaches(commits, sha, current)) return [422, { message: 'Update is not a fast forward' }];
        refs.set(ref, sha);
        return [200, refBody(ref, sha)];
      }
      default:
        return [501, { message: `not served: ${name}` }];
    }
  };

  const http = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://x').pathname;
    const named = path.split('/').slice(4, 6);
    const graphql = path === '/graphql' ? 'graphql' : undefined;
    const name = `${request.method} ${graphql ?? (named[0] === 'commits' ? 'commits' : named.join('/'))}`;
    requests.push(name);
    const [status, data] = answer(name, path, await bodyOf(request));
    const loss = lost.indexOf(name);
    if (loss === -1) return reply(response, status, data);
    lost.splice(loss, 1);
    request.socket.destroy();
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    refs,
    commits,
    requests,
    loseNextAnswer: (request) => lost.push(request),
    [Symbol.asyncDispose]: async () => {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

function reaches(commits: ReadonlyMap<string, ServedCommit>, from: string, ancestor: string): boolean {
  const open = [from];
  for (let sha = open.pop(); sha !== undefined; sha = open.pop()) {
    if (sha === ancestor) return true;
    open.push(...(commits.get(sha)?.parents ?? []));
  }
  return false;
}

function hash(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}

function refBody(ref: string, sha: string): unknown {
  return { ref, node_id: 'x', url: 'http://x', object: { type: 'commit', sha, url: 'http://x' } };
}

function commitBody(sha: string, { message, tree, parents }: ServedCommit): unknown {
  return { sha, message, tree: { sha: tree, url: '' }, parents: parents.map((parent) => ({ sha: parent, url: '' })) };
}

function graphqlCommit(oid: string, commit: ServedCommit | undefined): unknown {
  return commit === undefined ? null : { oid, message: commit.message, tree: { oid: commit.tree } };
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? {} : JSON.parse(text);
}

function reply(response: ServerResponse, status: number, data: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(data));
}
