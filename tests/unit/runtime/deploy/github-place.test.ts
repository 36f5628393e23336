import { expect, test } from 'vitest';
import { githubPlace } from '../../../../src/runtime/deploy/github-place.ts';

const cloud = { serverUrl: 'https://github.com', apiUrl: 'https://api.github.com' };
const own = { serverUrl: 'https://git.example.com', apiUrl: 'https://git.example.com/api/v3' };
const files = (settings?: Readonly<Record<string, unknown>>) => ({ readSettings: async () => settings });

test('a deployment on a server of its own is looked at there, although nobody names the server again', async () => {
  expect(await githubPlace(cloud, files({ githubServerUrl: 'https://git.example.com/' }))).toEqual(own);
  expect(await githubPlace(cloud, files({ githubApiUrl: 'https://api.octo.example.com' }))).toEqual({
    serverUrl: 'https://github.com',
    apiUrl: 'https://api.octo.example.com',
  });
});

test('the server that is named counts before that of the settings, and without either it is GitHub’s own', async () => {
  expect(await githubPlace(own, files({ githubServerUrl: 'https://other.example.com' }))).toEqual(own);
  expect(await githubPlace(cloud, files())).toEqual(cloud);
  expect(await githubPlace(cloud, files({ githubServerUrl: 7, githubApiUrl: 'nowhere' }))).toEqual(cloud);
});
