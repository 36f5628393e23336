import { asCodeSpan } from '../outgoing-text.ts';

/** Why no set was begun: one answer on the issue for each reason. */

export function changeSetWrong(problem: string, phrase: string): string {
  return `Nothing was started: the line \`Repositories:\` of this issue asks for a change in several repositories, and ${problem}. Correct the line, then comment \`${phrase} fix\`.`;
}

export function notAllowed(beyond: readonly string[], phrase: string): string {
  const names = beyond.map(named).join(', ');
  return `Nothing was started: ${names} may not be changed from an issue here. A maintainer adds ${beyond.length === 1 ? 'it' : 'them'} to \`change-sets\` in \`.github/entropy.yml\` on the default branch, or takes ${beyond.length === 1 ? 'it' : 'them'} out of the line \`Repositories:\`; then comment \`${phrase} fix\`.`;
}

export function needsApp(phrase: string): string {
  return `Nothing was started: this issue asks for a change in several repositories, and the token of a workflow job reaches its own repository only. It takes the GitHub App of a deployment, installed in each of them (docs/change-sets.md). To have just this repository changed, take the line \`Repositories:\` out of the issue and comment \`${phrase} fix\`.`;
}

export function notInstalled(missing: readonly string[], phrase: string): string {
  const names = missing.map(named).join(', ');
  return `Nothing was started: the GitHub App is not installed in ${names}. Its owner adds it under Settings → GitHub Apps → Configure; then comment \`${phrase} fix\`.`;
}

export function mayNotThere(login: string, closed: readonly string[], phrase: string): string {
  const names = closed.map(named).join(', ');
  return `Nothing was started: ${asCodeSpan(login, 60)} has no write access in ${names}, and whoever asks needs it in every repository of the set. Somebody who has it comments \`${phrase} fix\`.`;
}

/** What is said in a private repository would stand in a public one: its text, its pull requests, why they failed. */
export function notAlike(unlike: readonly string[], hereIsPublic: boolean, phrase: string): string {
  const names = unlike.map(named).join(', ');
  const [here, there] = hereIsPublic ? ['public', 'private'] : ['private', 'public'];
  return `Nothing was started: this repository is ${here} and ${names} ${there}, and each tells of the others. Open an issue with the line \`Repositories:\` where all of them are alike, and comment \`${phrase} fix\` there.`;
}

export function isGoing(phrase: string): string {
  return `The repositories of this issue are being worked on; the table tells how far each of them is. \`${phrase} retry\` starts anew what failed, \`${phrase} fix\` on a repository's own issue sends an agent there alone.`;
}

export function isStopped(phrase: string): string {
  return `Stopped: nothing more begins in the repositories of this issue, and agents that are at work on them end. Pull requests that are open stay open; close them, or have them merged. \`${phrase} retry\` goes on.`;
}

export function changedSinceAsked(phrase: string): string {
  return `the issue was edited after it was asked for; read it again, then comment \`${phrase} retry\``;
}

function named(name: string): string {
  return asCodeSpan(name, 140);
}
