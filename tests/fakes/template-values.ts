/** A synthesised template, as far as it is read here. */
export interface StackTemplate {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Parameters?: Readonly<Record<string, { readonly Default?: string }>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** What `Ref` and `Fn::GetAtt` answer: `Table.Ref`, `Table.Arn`, `AWS::Region.Ref`. */
export type KnownValues = ReadonlyMap<string, string>;

/** The value without its intrinsic functions. Throws on what is not known, since a guess would hide a wrong template. */
export function resolveValue(value: unknown, known: KnownValues): unknown {
  if (Array.isArray(value)) return value.map((each) => resolveValue(each, known));
  if (typeof value !== 'object' || value === null) return value;
  const [[name, argument] = ['', undefined], ...more] = Object.entries(value);
  if (more.length > 0 || !(name === 'Ref' || name.startsWith('Fn::')))
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, resolveValue(each, known)]));
  switch (name) {
    case 'Ref':
      return lookUp(`${argument}.Ref`, known);
    case 'Fn::GetAtt':
      return lookUp(Array.isArray(argument) ? argument.join('.') : String(argument), known);
    case 'Fn::Join':
      return joined(argument, known);
    case 'Fn::Sub':
      return String(argument).replace(/\$\{([^}]+)\}/g, (_, reference: string) =>
        lookUp(reference.includes('.') ? reference : `${reference}.Ref`, known),
      );
    default:
      throw new Error(`the template uses ${name}, which is not understood here`);
  }
}

function joined(argument: unknown, known: KnownValues): string {
  if (!Array.isArray(argument)) throw new Error('Fn::Join needs a list');
  const [separator, parts] = argument;
  const resolved = resolveValue(parts, known);
  if (!Array.isArray(resolved)) throw new Error('Fn::Join needs a list of parts');
  return resolved.map(String).join(String(separator));
}

function lookUp(name: string, known: KnownValues): string {
  const value = known.get(name);
  if (value === undefined) throw new Error(`the template asks for ${name}, which nothing here answers`);
  return value;
}

/** Resources of one type, by their logical ids. */
export function resourcesOf(template: StackTemplate, type: string): readonly (readonly [string, TemplateResource])[] {
  return Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);
}

/** The one resource of this type whose logical id begins so. */
export function resourceOf(
  template: StackTemplate,
  type: string,
  idBegins = '',
): readonly [id: string, properties: Readonly<Record<string, unknown>>] {
  const found = resourcesOf(template, type).filter(([id]) => id.startsWith(idBegins));
  const [only, ...more] = found;
  if (only === undefined || more.length > 0)
    throw new Error(`the template has ${found.length} of ${type} ${idBegins}, not one`);
  return [only[0], only[1].Properties ?? {}];
}
