/**
 * Fills the tables between `<!-- permissions -->` and `<!-- events -->` and their ends in docs/github-app.md from the one list that the
 * manifest is made from; `--check` fails on drift and writes nothing.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { appEvents, appPermissions } from '../src/domain/github-app.ts';

export const githubAppPage = 'docs/github-app.md';

/** The page with its tables as the manifest asks now. */
export function filledGitHubAppPage(page: string): string {
  const permissions = appPermissions.map(
    ({ title, level, reason }) => `| ${title} | ${level === 'write' ? 'read and write' : 'read-only'} | ${reason} |`,
  );
  const events = appEvents.map(({ name, reason }) => `| \`${name}\` | ${reason} |`);
  return page
    .replace(
      /<!-- permissions -->[\s\S]*?<!-- \/permissions -->/,
      `<!-- permissions -->\n${['| permission | level | for |', '|---|---|---|', ...permissions].join('\n')}\n<!-- /permissions -->`,
    )
    .replace(
      /<!-- events -->[\s\S]*?<!-- \/events -->/,
      `<!-- events -->\n${['| event | for |', '|---|---|', ...events].join('\n')}\n<!-- /events -->`,
    );
}

if (import.meta.main) {
  const page = readFileSync(githubAppPage, 'utf8');
  const wanted = filledGitHubAppPage(page);
  if (!process.argv.includes('--check')) {
    writeFileSync(githubAppPage, wanted);
  } else if (page !== wanted) {
    console.error(`${githubAppPage}: its tables are not what src/domain/github-app.ts says`);
    process.exitCode = 1;
  }
}
