import type { ErrorCode } from '../src/domain/error-catalogue.ts';

/** For every error: why it happens, and what to do. The type makes a code without its prose an error. */
export const errorsProse: Readonly<Record<ErrorCode, { readonly why: string; readonly fix: string }>> = {
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
  E700: {
    why: 'An agent or a person holds the claim on the issue, and its lease has not run out.',
    fix: '`/agent status` shows who and until when; a maintainer can `/agent release`.',
  },
  E701: {
    why: 'The claim of this run ran out or was released, and another one may be at work. A run without its claim writes nothing.',
    fix: 'Nothing to do: whoever holds the claim goes on. `/agent status` shows who.',
  },
  E710: {
    why: 'A file: it is missing, damaged, of another kind, or the disk is full or not writable. A table of DynamoDB: it is not there, out of reach or over its limits, or the role may not use it.',
    fix: 'The message names the file or table and what to do. [state.md](state.md) tells where the file lies and how to put a backup in its place, [dynamodb.md](dynamodb.md) what may go wrong with the table.',
  },
  E711: {
    why: 'Another process held the write lock of the state for longer than a write waits. A commit takes milliseconds, so that process hangs or is being debugged.',
    fix: 'Try again. If it stays so: `lsof FILE` names the process.',
  },
  E712: {
    why: 'The state was written by a newer version of the program, or by an older one and is opened only for reading. It is never guessed what another schema means.',
    fix: 'Newer: use that version. Older: `entropy-playground state migrate`. See [state.md](state.md).',
  },
  E713: {
    why: 'The file is no backup of this program, is damaged, or the state is in use by another process.',
    fix: 'Name another file, or stop the coordinator first. The state is as it was before.',
  },
  E720: {
    why: 'The coordinator refused the request, failed itself, or something else answers at its address (a proxy, a login page). Its own words are in the message.',
    fix: 'Check the address with `curl URL/healthz`. If the coordinator failed itself, its log has the request under the id in the message.',
  },
  E721: {
    why: 'There is no key, or the coordinator answered 401: the key is mistyped, expired or revoked; or the job got no OIDC token from GitHub.',
    fix: 'Set `ENTROPY_COORDINATOR_KEY` to a key that `entropy-playground keys create` printed. In a workflow give the job `permissions: id-token: write` instead.',
  },
  E722: {
    why: 'The coordinator knows who calls and answered 403: the role is too small (`viewer` reads, `operator` works, `admin` sets limits and makes keys), or the key or workflow run belongs to another repository.',
    fix: 'Use a key of the role that the message names; an admin makes one with `entropy-playground keys create`.',
  },
  E723: {
    why: 'No answer came within the deadline: the address is wrong, the coordinator is down, a proxy or firewall is in between, or its certificate is not trusted.',
    fix: 'Check the address with `curl URL/healthz`; set `NODE_EXTRA_CA_CERTS` for a certificate authority of your own. It is safe to repeat the command: nothing is done twice.',
  },
  E724: {
    why: 'The coordinator answered 429 for longer than we were ready to wait: this caller sends more than its share.',
    fix: 'Wait for the time named in the message. Give programs that run side by side keys of their own.',
  },
  E725: {
    why: 'Plain GitHub keeps claims and issues, and nothing else: no runs, agents, activity or messages. Some things are done at a coordinator only (keys), or at GitHub only (webhooks).',
    fix: 'Name the store that can: `--coordinator URL`, `--state FILE` or `--github OWNER/REPO`, as the message says.',
  },
  E726: {
    why: 'The store that was asked has no such entry: a mistyped number or id, another repository, another store than the one that has it.',
    fix: 'Check the name, and which store is asked: the first line of `entropy-playground claims list` names it.',
  },
  E727: {
    why: 'Its port is taken or may not be used, its host is no address of this machine, or its options would let strangers in: plain HTTP on an address that others reach, or OIDC without a list of repositories.',
    fix: 'Read the message; `entropy-playground serve --help` and [coordinator.md](coordinator.md) say which options belong together.',
  },
  E730: {
    why: 'What runs spent and reserved, together with what this one may need, is more than a limit of the issue, the repository, the organisation or the day allows; or as many runs as allowed are at work.',
    fix: 'Wait until other runs end, for what they reserved and did not use comes back; or raise the limit: `entropy-playground budgets set`. The message names the budget.',
  },
  E731: {
    why: 'Tasks and runs go from state to state by fixed rules; from where it stands this change is not among them. Often it is done already, or somebody else was faster.',
    fix: 'Look where it stands now and choose among the states that the message allows.',
  },
  E732: {
    why: 'Each of these issues would wait for the next one, and the last for the first: none could ever begin.',
    fix: 'The message shows the path. Remove one of its edges first: `entropy-playground depends remove`.',
  },
  E733: {
    why: 'An Idempotency-Key names one request for a day; it was sent again with another body, or by another program that makes the same keys. Or a live API key has this name already.',
    fix: 'Use a new, random Idempotency-Key for each new request and repeat it only with the very same one; choose another name for the API key.',
  },
  E740: {
    why: 'A service of AWS refused a request or failed itself, also when it was asked again. Its own words and the number of the request are in the message.',
    fix: 'Read what AWS says. If the service itself has trouble, wait: work stays in the queue meanwhile.',
  },
  E741: {
    why: 'There are no credentials, or AWS does not know them, or they have expired.',
    fix: 'On your machine sign in (`aws sso login`) or name a profile (`AWS_PROFILE`). A function of the stack has its role: deploy again if it lost it.',
  },
  E742: {
    why: 'The policy of the role that called does not allow the action on this resource, or a key policy or bucket policy forbids it. The message names the action.',
    fix: 'Allow the named action for the role. The functions of the stack have the least they need; a person who deploys needs what docs/aws.md lists.',
  },
  E743: {
    why: 'No answer came within the deadline: no network, another region than the stack, a private address that is not reached from here.',
    fix: 'Check the network, `AWS_REGION` and `AWS_ENDPOINT_URL`. Repeating the request is safe.',
  },
  E744: {
    why: 'AWS answered that too many requests came, for longer than we were ready to wait.',
    fix: 'Wait a minute. If it stays so, look at the throttles of the service in CloudWatch and ask for a higher quota.',
  },
  E745: {
    why: 'Signatures are dated and good for five minutes; the clock of this machine differs by more, also after it was corrected by what AWS told.',
    fix: 'Set the clock, for example with `timedatectl set-ntp true`.',
  },
  E746: {
    why: 'AWS has no queue, key, secret or bucket of this name in this region and account; or it was deleted.',
    fix: 'Check name, region and account. `entropy-playground deploy` makes what the stack needs.',
  },
  E747: {
    why: 'A token that the functions share was sealed by another key of KMS or for something else, or its bytes were changed in the table.',
    fix: 'A new one is made by itself when the old one is over, within the hour. If it stays so, check that all functions are told of the same sealing key: `entropy-playground deploy`.',
  },
  E750: {
    why: 'The bytes that were read are not those whose SHA-256 was written down when they were stored: a disk, a copy or a person changed them.',
    fix: 'Take another version of the object, or restore the store from its backup. What the object was made from may be made again: the run that wrote it is named in its key.',
  },
  E751: {
    why: 'The folder or bucket of stored objects cannot be used: it is missing, full, or this process may not write to it.',
    fix: 'Read the message, then check that the folder exists, has room and belongs to the user of the process.',
  },
  E760: {
    why: 'Something that a deployment stands on is missing: a clone with its development tools, the CDK bootstrap of the account and region, a region, or a choice that nobody can be asked for.',
    fix: 'The message names it and the command that brings it. Then run `entropy-playground deploy` again: it goes on where it stopped.',
  },
  E761: {
    why: 'Nobody agreed to the App in the browser within ten minutes, the code that GitHub gave was used already or too old, or its answer was lost on the way.',
    fix: 'Run `entropy-playground deploy` again. If the App is there already (Settings → Developer settings → GitHub Apps), generate a private key on its page and name both: `--app-id N --private-key-file FILE`.',
  },
  E762: {
    why: 'The CDK or the build of the functions ended with an error; what it said stands above the message. CloudFormation takes a failed change back by itself.',
    fix: 'Mend what it names and run `entropy-playground deploy` again; nothing that was done before is done twice.',
  },
  E763: {
    why: 'This folder knows of a deployment in another account, region or for another App than the one that these credentials and options name. Going on would mix two of them.',
    fix: 'Use the credentials and region of the first (`entropy-playground deploy status` names them), or another clone for the second one.',
  },
  E764: {
    why: 'The file holds no RSA private key of 2048 bits in PEM form, not the key of this App, or the KMS key of the stack is in no state to take it: KMS never takes a second private key in the place of a first.',
    fix: "Generate a key on the App's page (Private keys) and name it with `--private-key-file`. For another App than before the stack needs a new KMS key: docs/deploy.md, Another App.",
  },
  E765: {
    why: 'The release is not kept on this machine, or going back to it would remove something that only grows: an index of the table, a bucket, a key.',
    fix: 'Run `entropy-playground deploy status` for the releases that are kept. Otherwise check the older version out and deploy it, with the table as it is now; docs/deploy.md tells how.',
  },
  E766: {
    why: 'Point-in-time recovery is off for the table, the moment is outside of its 35 days, a table of the new name is there already, or DynamoDB did not finish in time.',
    fix: 'Read what DynamoDB says. The drill can be repeated under another name; the table that is restored from is never touched.',
  },
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
