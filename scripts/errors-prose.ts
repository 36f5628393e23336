import type { ErrorCode } from '../src/domain/error-catalogue.ts';
import { type ErrorProse, stateErrorsProse } from './errors-prose-state.ts';

/** For every error: why it happens, and what to do. The type makes a code without its prose an error. */
export const errorsProse: Readonly<Record<ErrorCode, ErrorProse>> = {
  E100: {
    why: 'A command, option, field or input is misspelled, missing, or makes no sense together with another.',
    fix: 'Read the suggestion in the message; `entropy-playground <command> --help` lists what there is.',
  },
  E101: {
    why: 'A value in `.github/entropy.yml`, in a variable, in an option or under `with:` is unknown or out of range. All problems are named at once, those of the file with line and column. Unknown keys are errors: a mistyped limit must not silently mean no limit.',
    fix: 'Correct each value named; [configuration.md](configuration.md) explains all of them, and `entropy-playground config show` reads them without running anything.',
  },
  E102: {
    why: 'A file that you named (issue, script, trajectory, folder) is not there, is no file, is not UTF-8 text, or may not be read by you.',
    fix: 'Check the path in the message. An issue file begins with `# Title` or with front matter that has a `title:`.',
  },
  E103: {
    why: 'The event file of the runner is missing, is no JSON, or is of a kind that tells of no issue.',
    fix: 'Start the workflow by `issue_comment`, `issues: labeled`, `workflow_dispatch` or `repository_dispatch`; `entropy-playground init --dry-run` shows a workflow that does.',
  },
  E104: {
    why: 'A file or folder cannot be written: no permission, a full disk, a read-only place, or a symbolic link where a file must be.',
    fix: 'Make the place named in the message writable for you. Nothing was left half written.',
  },
  E105: {
    why: 'A question was left with Ctrl-C or Escape.',
    fix: 'Run it again; nothing was changed. `--yes` asks nothing.',
  },
  E106: {
    why: 'A query has a field or a value that does not exist, lacks something, or asks for what is not known there.',
    fix: 'The message tells the column, what may stand there and what was probably meant. The language: docs/query.md.',
  },
  E200: {
    why: 'GitHub refused a request for a reason that has no code of its own here: validation, an archived repository, a locked issue.',
    fix: "Read GitHub's own answer in the message; it names the field or the state.",
  },
  E201: {
    why: 'There is no token, or GitHub answered 401: the token is expired, revoked, or was cut off when it was pasted.',
    fix: 'In a workflow leave `github-token` at its default. On a laptop: `export GITHUB_TOKEN="$(gh auth token)"`.',
  },
  E202: {
    why: "GitHub answered 404 or 410. It does so too for what the token may not see: a private repository, one outside of the token's scope.",
    fix: 'Check owner, name and number, then whether the token was given access to this repository.',
  },
  E203: {
    why: 'A workflow token may send 1,000 requests an hour for a repository; content (comments, pull requests) may be created 80 times a minute and 500 times an hour. What could be waited for was waited for.',
    fix: 'Run it again after the time in the message. If it happens often use the token of a GitHub App, which has a limit of its own.',
  },
  E204: {
    why: 'GitHub answered 403: the token may not do this. The message prints the `permissions:` to add.',
    fix: 'Add the YAML of the message to the job. If pull requests are refused: Settings → Actions → General → "Allow GitHub Actions to create and approve pull requests". Organisations may forbid it above the repository.',
  },
  E205: {
    why: 'No answer, half an answer, or a server in trouble, and waiting did not help.',
    fix: 'Look at https://www.githubstatus.com. Behind a proxy or on GitHub Enterprise Server check `GITHUB_API_URL`.',
  },
  E206: {
    why: 'The branch, pull request or comment was written, and GitHub does not show it when asked, or shows something else. A run is never called succeeded without that.',
    fix: 'Look at the branch and pull request named in the message; `/agent retry` starts anew and makes no second pull request.',
  },
  E300: {
    why: 'The model host refused the request, for example an unknown model or a request that it calls invalid.',
    fix: 'Check the name of the model and `anthropic-base-url`; the message holds what the host said.',
  },
  E301: {
    why: 'The chosen model needs a key and there is none in the environment or in the inputs.',
    fix: 'On a laptop `export ANTHROPIC_API_KEY=…`. In a repository `gh secret set ANTHROPIC_API_KEY`, and pass it as `anthropic-api-key`. Secrets are not given to workflows of forks.',
  },
  E302: {
    why: 'The model host answered 401 or 403 to the key.',
    fix: 'Make a new key at https://platform.claude.com and set it without blanks or line breaks around it.',
  },
  E303: {
    why: 'The model host is overloaded or limits the rate, and the retries were used up.',
    fix: 'Wait some minutes and comment `/agent retry`; what was spent so far is in the comment.',
  },
  E304: {
    why: "The model's answer cannot be read: broken off, empty, or of a shape that its own interface does not allow.",
    fix: '`/agent retry`. If it stays so with a gateway, check that the gateway speaks the Messages API.',
  },
  E305: {
    why: 'A scripted run asked for more replies than the script has, or saw something that the script did not expect. A script that does not fit fails loudly; it is a test.',
    fix: 'The message names the reply and what was seen instead. Correct the script or the repository.',
  },
  E306: {
    why: 'The trajectory is damaged before its last line, of a newer schema, or does not belong to the commit given.',
    fix: 'Name the `trajectory.jsonl` of a finished run and, with `--repo`, the repository that holds its base commit.',
  },
  E307: {
    why: 'The broker, which holds the key, refused a request of the agent because the budget of the run does not cover it.',
    fix: 'Raise `limits` in `.github/entropy.yml`, or go on with more: `/agent retry --budget 4usd`. Or split the issue into smaller ones.',
  },
  E400: {
    why: 'No rung of the sandbox ladder can be had here: not bubblewrap, no container engine, not unshare, and no Landlock to read and edit files behind. Programs are missing, or user namespaces are turned off.',
    fix: 'On a hosted runner add the step `entropy-playground/setup-sandbox@v1`. On Debian and Ubuntu `sudo apt-get install bubblewrap`; Ubuntu 24.04 also needs an AppArmor profile for it, which that step writes. `entropy-playground doctor` says what is missing.',
  },
  E401: {
    why: 'Before any key is loaded a canary is hidden outside of the sandbox and looked for from within. It was found, so the sandbox does not hold.',
    fix: 'Do not use this machine for agents. Report the machine and the message in private (the Security tab of our repository, "Report a vulnerability").',
  },
  E402: {
    why: '`sandbox: required` names a stronger rung than this machine can give, and it is never lowered silently. Or the run is to reach hosts or ports, which the rung cannot let it: on macOS none can be reached, and set-up has package registries by default.',
    fix: 'Install what the message names, or lower `sandbox.required` if you accept the weaker one. On macOS write `network: { setup: [] }`, or run on Linux.',
  },
  E403: {
    why: 'The sandbox is there, and a command could not be started in it: the program is not found within, or a limit was reached.',
    fix: 'Check that the program is installed on the runner outside of home folders; toolchains under `/usr` and those in PATH are visible within.',
  },
  E404: {
    why: 'The set-up command ended with an error or took too long. It reaches package registries or what `network.setup` lists, and runs before any key is there.',
    fix: 'Read its output in the log, run it in a fresh clone, and correct `setup`. Hosts that it missed are named, with the line to add ([network.md](network.md)).',
  },
  E405: {
    why: 'Before the agent starts, the test command is run once in the sandbox. The shell found no such program, or may not run it, so no change could ever be proven.',
    fix: 'Correct `test` in `.github/entropy.yml`. If the program comes with the dependencies, install them with `setup`: the sandbox reaches nothing but what `network.agent` lists.',
  },
  E406: {
    why: 'The machine can have no sandbox but the lowest rung (`landlock`), in which an agent reads and edits files and nothing is run: no commands, no set-up, no tests.',
    fix: 'Install what the message names for a stronger rung, or use `runs-on: ubuntu-24.04` with `entropy-playground/setup-sandbox@v1`. [sandbox.md](sandbox.md) shows what each rung needs.',
  },
  E407: {
    why: 'A sandbox may reach a list of hosts or ports of this machine (`network.setup`, `network.agent`, `network.services`), and the process that is its one way there did not start, or could not listen inside.',
    fix: 'The message names what failed. A port that is listed twice, or one below 1024 on rung `unshare`, are the usual reasons; [network.md](network.md) tells how it works.',
  },
  E500: {
    why: 'git ended with an error, could not be started, took too long, or wrote far too much.',
    fix: 'Install git 2.38 or newer; run `git fsck` in the repository. The message holds what git said.',
  },
  E501: {
    why: 'The folder and those above it hold no `.git`, or it is a bare repository.',
    fix: 'Go to the repository, or name it with `--repo PATH`. To begin one: `git init && git add -A && git commit -m first`.',
  },
  E502: {
    why: 'There is no commit to start from.',
    fix: 'Make a first one: `git add -A && git commit -m first`, and push it where the repository is on GitHub.',
  },
  E503: {
    why: 'Part of the history is missing, so it cannot be carried over whole.',
    fix: '`git fetch --unshallow`; in a workflow `fetch-depth: 0`.',
  },
  E504: {
    why: 'There are changes that no commit holds. An agent works on a commit; it must be plain what it was given.',
    fix: '`git commit` or `git stash -u`. The message names the files.',
  },
  E505: {
    why: 'The branch given by `--base`, `base-branch` or `/agent fix --base` is not in the repository.',
    fix: 'Check the name: `git branch -a`. Without one the default branch is used.',
  },
  E600: {
    why: 'The patch touches what agents may not change: `.github/`, folders that begin with a dot, lock files, manifests, CODEOWNERS, instructions for agents; or it holds a symbolic link, a submodule, or a path that means another one elsewhere.',
    fix: 'The message names each path and the setting. To allow one: `paths.unprotected` in `.github/entropy.yml` on the base branch.',
  },
  E601: {
    why: 'The patch has more files or bytes than allowed (50 files, 512 KiB by default).',
    fix: 'Ask for less in one issue, or raise `limits.max-files` and `limits.max-patch-size`.',
  },
  E602: {
    why: 'What was about to leave holds something that looks like a secret, or a value that is one, plain or encoded. The finding names rule, file and line, never the value.',
    fix: 'If it was in the repository before, treat it as leaked and revoke it. If it is a made-up example write it so that it cannot be one.',
  },
  E603: {
    why: 'What the agent job handed over is missing, damaged, too large, or not for this task. The publisher believes nothing that it cannot check.',
    fix: 'Look at the log of the agent job; then `/agent retry`.',
  },
  E604: {
    why: 'Somebody pushed to the branch meanwhile, and both changed the same lines. Branches are never forced.',
    fix: 'Merge by hand or drop one of both, then `/agent retry`.',
  },
  E605: {
    why: 'A plan was approved, and by the time that it was to be published something else is held, or the branch had moved. An approval counts for one plan on one commit.',
    fix: 'Look at the newest plan on the issue and approve that one, or `/agent retry` to have it made anew.',
  },
  ...stateErrorsProse,
  E800: {
    why: 'The workflow file uses something that the local runner does not do, or is not valid.',
    fix: 'The message names line and key. Workflows run on GitHub as they are; this concerns `entropy-playground start` only.',
  },
  E801: {
    why: 'The stand-in for GitHub could not start or answer, for example because its port is taken.',
    fix: 'Leave `--port` out, or choose another one. If it stays so, report it with the log (`--keep DIR`).',
  },
  E900: {
    why: 'Something happened that we did not foresee.',
    fix: 'Run it again with `ENTROPY_DEBUG=1` and report what it prints.',
  },
};
