import { EntropyError } from '../../domain/error.ts';
import { type Permission, permissions } from '../../domain/permission.ts';
import type { Forge } from '../../ports/forge.ts';
import { readIssue } from './answers.ts';
import type { GitHubApi } from './api.ts';
import { integerIn, type JsonObject, objectIn, textIn, textOrNullIn } from './json-reader.ts';

type RepositoryFacts = Pick<
  Forge,
  'defaultBranch' | 'isPublic' | 'permissionOf' | 'isTeamMember' | 'issue' | 'file' | 'filesIn' | 'blob'
>;

export function createRepositoryFacts(api: GitHubApi): RepositoryFacts {
  const read = async (): Promise<JsonObject> => {
    const answer = await api.send({ route: 'GET /repos/{owner}/{repo}', purpose: 'read the repository' });
    return objectIn(answer.data, 'repository');
  };
  return {
    defaultBranch: async () => textIn(await read(), 'default_branch'),
    // What does not say that it is public is not.
    isPublic: async () => (await read())['private'] === false,

    permissionOf: async (login) => {
      const answer = await api.send({
        route: 'GET /repos/{owner}/{repo}/collaborators/{username}/permission',
        params: { username: login },
        purpose: `read the permission of ${login}`,
        expected: [404],
      });
      return answer.status === 404 ? 'none' : readPermission(answer.data);
    },

    isTeamMember: async ({ org, slug }, login) => {
      const answer = await api.send({
        route: 'GET /orgs/{org}/teams/{team_slug}/memberships/{username}',
        params: { org, team_slug: slug, username: login },
        purpose: `read whether ${login} is in ${org}/${slug}`,
        expected: [403, 404],
      });
      if (answer.status === 403) return 'cannot-tell';
      // Somebody who was asked to join and has not answered yet is no member.
      const active = answer.status === 200 && objectIn(answer.data, 'membership')['state'] === 'active';
      return active ? 'member' : 'no-member';
    },

    issue: async (number) => {
      const answer = await api.send({
        route: 'GET /repos/{owner}/{repo}/issues/{issue_number}',
        params: { issue_number: number },
        purpose: `read issue #${number}`,
      });
      return readIssue(answer.data);
    },

    file: async (path, ref) => {
      const answer = await api.send({
        route: 'GET /repos/{owner}/{repo}/contents/{path}',
        params: { path, ref },
        purpose: `read ${path} at ${ref}`,
        expected: [404],
      });
      const isFile = answer.status === 200 && !Array.isArray(answer.data);
      if (!isFile) return undefined;
      const content = objectIn(answer.data, 'content');
      if (content['type'] !== 'file') return undefined;
      // From 1 MB on GitHub sends no content here; the blob has it.
      const inline = content['encoding'] === 'base64';
      return inline ? fromBase64(textIn(content, 'content')) : await readBlob(api, path, textIn(content, 'sha'));
    },

    blob: (sha) => readBlob(api, `the content ${sha}`, sha),

    filesIn: async (folder, ref) => {
      const answer = await api.send({
        route: 'GET /repos/{owner}/{repo}/contents/{path}',
        params: { path: folder, ref },
        purpose: `list ${folder} at ${ref}`,
        expected: [404],
      });
      // A file in the folder's place is one object; a folder that is not there is a 404.
      if (answer.status !== 200 || !Array.isArray(answer.data)) return [];
      const entries = answer.data.map((entry) => objectIn(entry, 'entry'));
      return entries
        .filter((entry) => entry['type'] === 'file')
        .map((entry) => textIn(entry, 'name'))
        .sort();
    },
  };
}

async function readBlob(api: GitHubApi, what: string, sha: string): Promise<Uint8Array> {
  const answer = await api.send({
    route: 'GET /repos/{owner}/{repo}/git/blobs/{file_sha}',
    params: { file_sha: sha },
    purpose: `read ${what}`,
  });
  const data = objectIn(answer.data, 'blob');
  const bytes = fromBase64(textIn(data, 'content'));
  const size = integerIn(data, 'size');
  if (bytes.length === size) return bytes;
  throw new EntropyError({
    code: 'E200',
    message: `cannot read ${what}: GitHub sent ${bytes.length} of ${size} bytes`,
    fix: 'make the file smaller: GitHub gives files of up to 100 MB',
  });
}

function fromBase64(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'));
}

/** `role_name` knows maintain and triage; for a custom role only the older `permission` says what it builds on. */
function readPermission(data: unknown): Permission {
  const answer = objectIn(data, 'permission');
  const known = (name: string): Permission | undefined => permissions.find((permission) => permission === name);
  return known(textOrNullIn(answer, 'role_name')) ?? known(textIn(answer, 'permission')) ?? 'none';
}
