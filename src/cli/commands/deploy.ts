import type { Command } from 'commander';
import type { Cli } from '../cli-io.ts';
import { addPlaceOptions, type DeployFlags } from '../deploy/deploy-flags.ts';

/** The commands about a deployment; each is loaded when it runs. */
export function define(command: Command, cli: Cli): void {
  command
    .option('--org <login>', 'the organisation that the GitHub App is to belong to')
    .option('--personal', 'or yourself')
    .option('--app-name <name>', 'of the new App; unique on GitHub, at most 34 characters')
    .option('--app-id <n>', 'an App that was made by hand (docs/github-app.md)')
    .option('--private-key-file <file>', 'its private key, as GitHub gave it (.pem)')
    .option('--set <name=value...>', 'settings of the stack (docs/aws.md), written into its settings file')
    .option('--bootstrap', 'bootstrap account and region for the CDK when they are not')
    .option('--new-admin-key', 'make one more admin key of the coordinator and tell it')
    .option('--admin-key-file <file>', 'write the admin key there (a new file) in place of telling it')
    .option('--port <n>', 'of the page for the App on this machine; any free one when absent')
    .option('--no-browser', 'only print the address of that page')
    .option('--dry-run', 'tell every step and what it would change, change nothing')
    .option('-y, --yes', 'ask nothing');
  addPlaceOptions(command).action((flags: DeployFlags) =>
    cli.run(async (io) => (await import('../deploy/run-deploy.ts')).runDeploy(flags, io)),
  );

  const sub = (usage: string, description: string): Command =>
    addPlaceOptions(command.command(usage).description(description).configureHelp({ sortOptions: false }));
  // What was said before the name of the command counts too; its own defaults must not undo that.
  const flagsOf = (one: Command): DeployFlags => {
    const said = Object.entries(one.opts()).filter(([name]) => one.getOptionValueSource(name) !== 'default');
    return { ...command.opts<DeployFlags>(), ...Object.fromEntries(said) };
  };

  sub('status', 'What is deployed: stack, App, addresses, releases that are kept here.').action(
    (_flags: unknown, one: Command) =>
      cli.run(async (io) => (await import('../deploy/show-status.ts')).showStatus(flagsOf(one), io)),
  );
  sub('diff', 'What the next deployment would change in the stack, as the CDK tells it.').action(
    (_flags: unknown, one: Command) =>
      cli.run(async (io) => (await import('../deploy/stack-commands.ts')).showDiff(flagsOf(one), io)),
  );
  sub('self-test', 'Try the deployment from outside: API, App, webhook, queue. Changes nothing.').action(
    (_flags: unknown, one: Command) =>
      cli.run(async (io) => (await import('../deploy/show-status.ts')).runSelfTest(flagsOf(one), io)),
  );
  sub('rotate-webhook-secret', 'A new webhook secret, here and at GitHub; no delivery is lost meanwhile.')
    .option('--retire-old', 'the old one counts no more at once, as after a leak')
    .action((_flags: unknown, one: Command) =>
      cli.run(async (io) => (await import('../deploy/stack-commands.ts')).rotate(flagsOf(one), io)),
    );
  sub('rollback', 'Deploy an earlier release that is kept here, as it was. Data does not go back.')
    .requiredOption('--to <release>', 'its id, version or commit, as `deploy status` tells them')
    .option('-y, --yes', 'ask nothing')
    .action((_flags: unknown, one: Command) =>
      cli.run(async (io) => (await import('../deploy/stack-commands.ts')).rollBackTo(flagsOf(one), io)),
    );
  sub('destroy', 'Take the stack away. Tells first what stays: table and audit do, unless the settings say otherwise.')
    .option('-y, --yes', 'ask nothing')
    .action((_flags: unknown, one: Command) =>
      cli.run(async (io) => (await import('../deploy/stack-commands.ts')).destroy(flagsOf(one), io)),
    );
}
