/** GitHub's own server, which everybody means who names no other. */
export const cloudServer = 'https://github.com';

/** Where the API of a server is when nobody says otherwise; `serverUrl` without a slash at the end. */
export function apiOfServer(serverUrl: string): string {
  return serverUrl === cloudServer ? 'https://api.github.com' : `${serverUrl}/api/v3`;
}
