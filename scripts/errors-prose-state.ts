import type { ErrorCode } from '../src/domain/error-catalogue.ts';

export interface ErrorProse {
  readonly why: string;
  readonly fix: string;
}

/** Of claims, budgets, the queue, the coordinator and deployments: E700 to E799. */
export const stateErrorsProse = {
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
  E755: {
    why: 'Records could not be stored, or the ledger could not go on: other records lie under the name of a writer, the checkpoint is of another ledger, the disk is full, or somebody changed what is stored.',
    fix: 'The message names the part and what is wrong with it. Each process needs a writer of its own, and each ledger a place of its own.',
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
} satisfies Partial<Record<ErrorCode, ErrorProse>>;
