/** Reads out of a synthesised template who may do what: for docs/aws.md, and for the test that knows every line of it. */

interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties?: Properties }>>;
}

type Properties = Readonly<Record<string, unknown>>;

export interface Grant {
  /** The role's function, without its hash: `Webhook`. */
  readonly who: string;
  readonly sid: string;
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** As one line of text; empty when there is none. */
  readonly condition: string;
}

/** What each function's role may, statement by statement. Throws on a permission that is given in any other way. */
export function grantsOf({ Resources }: Template): readonly Grant[] {
  const grants: Grant[] = [];
  for (const [id, { Type, Properties = {} }] of Object.entries(Resources)) {
    if (Type === 'AWS::IAM::Role') refuseOtherWays(id, Properties);
    if (Type !== 'AWS::IAM::Policy') continue;
    const roles = listOf(Properties['Roles']).map(readable);
    if (roles.length !== 1) throw new Error(`${id} is the policy of ${roles.length} roles`);
    const who = (roles[0] ?? '').replace(/Role$/, '');
    grants.push(...statementsOf(Properties['PolicyDocument']).map((statement) => grantOf(who, statement)));
  }
  return grants.sort((a, b) => a.who.localeCompare(b.who) || a.sid.localeCompare(b.sid));
}

/** What resources themselves allow or forbid whomever: buckets, queues, topic, keys. */
export function resourcePoliciesOf({ Resources }: Template): readonly (Grant & { readonly principal: string })[] {
  return Object.entries(Resources)
    .flatMap(([id, { Properties = {} }]) =>
      statementsOf(Properties['PolicyDocument'] ?? Properties['KeyPolicy'])
        .filter((statement) => statement['Principal'] !== undefined)
        .map((statement) => ({
          ...grantOf(withoutHash(id), statement),
          principal: readable(Object.values(Object(statement['Principal']))[0]),
        })),
    )
    .sort((a, b) => a.who.localeCompare(b.who));
}

/** Who may call a function: `Webhook ← apigateway.amazonaws.com …`. */
export function callersOf({ Resources }: Template): readonly string[] {
  return Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::Lambda::Permission')
    .map(({ Properties = {} }) => {
      const called = readable(Properties['FunctionName']).replace(/Function(\.Arn)?$/, '');
      return `${called} ← ${readable(Properties['Principal'])} ${readable(Properties['SourceArn'])}`;
    })
    .sort();
}

function refuseOtherWays(id: string, { ManagedPolicyArns, Policies, PermissionsBoundary }: Properties): void {
  if (ManagedPolicyArns !== undefined || Policies !== undefined || PermissionsBoundary !== undefined)
    throw new Error(`the role ${id} has permissions beside its policy`);
}

function grantOf(who: string, statement: Properties): Grant {
  return {
    who,
    sid: String(statement['Sid'] ?? ''),
    effect: String(statement['Effect']),
    actions: listOf(statement['Action']).map(String).sort(),
    resources: listOf(statement['Resource']).map(readable).sort(),
    condition: statement['Condition'] === undefined ? '' : readable(statement['Condition']),
  };
}

function statementsOf(document: unknown): readonly Properties[] {
  return listOf(Object(document)['Statement']).map((statement) => Object(statement));
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

/** `WorkTasks637008B2` is called `WorkTasks`: the hash is of no use to a reader. */
function withoutHash(id: string): string {
  return id.replace(/[0-9A-F]{8}$/, '');
}

/** A value with intrinsic functions as one line of text. */
function readable(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(readable).join(', ')}]`;
  const entries = Object.entries(value);
  const [[name, argument] = ['', undefined]] = entries;
  if (entries.length === 1) {
    if (name === 'Ref') return String(argument).startsWith('AWS::') ? String(argument) : withoutHash(String(argument));
    if (name === 'Fn::GetAtt' && Array.isArray(argument)) return `${withoutHash(String(argument[0]))}.${argument[1]}`;
    if (name === 'Fn::Join' && Array.isArray(argument))
      return listOf(argument[1]).map(readable).join(String(argument[0]));
  }
  return entries.map(([key, each]) => `${key} ${readable(each)}`).join('; ');
}
