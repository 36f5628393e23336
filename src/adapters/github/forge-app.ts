import { EntropyError } from '../../domain/error.ts';
import type { RepositoryRef } from '../../domain/repository.ts';
import type { AppKey } from '../../ports/app-key.ts';
import type { ForgeApp, InstallationInfo, InstallationToken } from '../../ports/forge-app.ts';
import { createGitHubCalls, type GitHubCalls, type GitHubCallsOptions } from './api.ts';
import { createAppJwt } from './app-jwt.ts';
import { nextCursor, readHookDelivery } from './hook-delivery.ts';
import { integerIn, listIn, objectIn, textIn } from './json-reader.ts';

export interface ForgeAppOptions extends Omit<GitHubCallsOptions, 'token'> {
  readonly appId: number;
  readonly key: AppKey;
  /** A token of the installation, for what the App may not ask as itself; made with `mintToken` when absent. */
  readonly tokenOf?: (installation: number) => Promise<string>;
}

const perPage = 100;
/** 100,000 installations or repositories: ends a server that always names a next page. */
const maxPages = 1_000;

/** What a GitHub App asks as itself, with tokens that its key signs. */
export function createForgeApp(options: ForgeAppOptions): ForgeApp {
  const { appId, key, clock } = options;
  const jwt = createAppJwt(appId, key, clock);
  const place = { name: `the App ${appId}` };
  const calls = createGitHubCalls({ ...options, token: jwt }, place);
  let author: Promise<string> | undefined;

  const mintToken: ForgeApp['mintToken'] = async (installation, scope) => {
    const answer = await calls.send({
      route: 'POST /app/installations/{installation_id}/access_tokens',
      params: {
        installation_id: installation,
        ...(scope?.repositories && { repositories: [...scope.repositories] }),
        ...(scope?.permissions && { permissions: scope.permissions }),
      },
      purpose: `make a token for installation ${installation}`,
    });
    return readToken(answer.data);
  };
  const tokenOf = options.tokenOf ?? (async (installation: number) => (await mintToken(installation)).token);

  return {
    appId,

    author: () => {
      author ??= readAuthor(calls).catch((error: unknown) => {
        author = undefined;
        throw error;
      });
      return author;
    },

    installations: async function* () {
      for (let page = 1; page <= maxPages; page += 1) {
        const answer = await calls.send({
          route: 'GET /app/installations',
          params: { per_page: perPage, page },
          purpose: 'list where the App is installed',
        });
        const entries: readonly unknown[] = Array.isArray(answer.data) ? answer.data : [];
        yield* entries.map(readInstallation);
        if (!hasNext(answer.headers['link'])) return;
      }
    },

    installationOf: async ({ owner, name }) => {
      const answer = await calls.send({
        route: 'GET /repos/{owner}/{repo}/installation',
        params: { owner, repo: name },
        purpose: `find the App's installation for ${owner}/${name}`,
        // 301: the repository is called otherwise by now.
        expected: [301, 404],
      });
      return answer.status === 200 ? readInstallation(answer.data) : undefined;
    },

    repositoriesOf: async function* (installation) {
      const own = createGitHubCalls({ ...options, token: () => tokenOf(installation) }, place);
      for (let page = 1; page <= maxPages; page += 1) {
        const answer = await own.send({
          route: 'GET /installation/repositories',
          params: { per_page: perPage, page },
          purpose: `list the repositories of installation ${installation}`,
        });
        yield* listIn(objectIn(answer.data, 'repositories'), 'repositories').map(readRepository);
        if (!hasNext(answer.headers['link'])) return;
      }
    },

    mintToken,

    deliveries: async (cursor) => {
      const answer = await calls.send({
        route: 'GET /app/hook/deliveries',
        params: { per_page: perPage, ...(cursor !== undefined && { cursor }) },
        purpose: 'list what was sent to the webhook',
      });
      const entries: readonly unknown[] = Array.isArray(answer.data) ? answer.data : [];
      const next = nextCursor(answer.headers['link'] ?? '');
      return { deliveries: entries.map(readHookDelivery), ...(next !== undefined && { next }) };
    },

    redeliver: async (id) => {
      const answer = await calls.send({
        route: 'POST /app/hook/deliveries/{delivery_id}/attempts',
        params: { delivery_id: id },
        purpose: `send delivery ${id} again`,
        expected: [404],
      });
      return answer.status === 404 ? 'missing' : 'accepted';
    },
  };
}

async function readAuthor(calls: GitHubCalls): Promise<string> {
  const answer = await calls.send({ route: 'GET /app', purpose: 'read how the App is called' });
  return `${textIn(objectIn(answer.data, 'App'), 'slug')}[bot]`;
}

function readInstallation(data: unknown): InstallationInfo {
  const installation = objectIn(data, 'installation');
  const account = objectIn(installation['account'], 'account');
  return {
    id: integerIn(installation, 'id'),
    account: textIn(account, 'login'),
    accountId: String(integerIn(account, 'id')),
    suspended: typeof installation['suspended_at'] === 'string',
  };
}

function readToken(data: unknown): InstallationToken {
  const made = objectIn(data, 'token');
  const expiresAt = Date.parse(textIn(made, 'expires_at'));
  if (Number.isFinite(expiresAt)) return { token: textIn(made, 'token'), expiresAt };
  throw new EntropyError({
    code: 'E200',
    message: 'GitHub made a token and did not say until when it is good',
    fix: 'check that the API address is that of a GitHub API; if it is, report this',
  });
}

function readRepository(data: unknown): RepositoryRef {
  const repository = objectIn(data, 'repository');
  return { owner: textIn(objectIn(repository['owner'], 'owner'), 'login'), name: textIn(repository, 'name') };
}

function hasNext(link: string | undefined): boolean {
  return /;\s{0,5}rel="next"/.test(link ?? '');
}
