import { GitHubProblem } from './problem.ts';

/** A JSON object from outside, read field by field; a field of the wrong kind is a 422 that names it. */
export class BodyFields {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #path: string;

  constructor(value: unknown, path = '') {
    if (value === undefined || value === null) this.#fields = {};
    else if (typeof value === 'object' && !Array.isArray(value)) this.#fields = value as Record<string, unknown>;
    else
      throw new GitHubProblem(
        path === '' ? 400 : 422,
        path === '' ? 'Body should be a JSON object' : wrong(path, 'an object'),
      );
    this.#path = path;
  }

  /** Undefined when the field is not there at all. */
  raw(name: string): unknown {
    return Object.hasOwn(this.#fields, name) ? this.#fields[name] : undefined;
  }

  has(name: string): boolean {
    return this.raw(name) !== undefined;
  }

  string(name: string): string {
    const value = this.raw(name);
    if (value === undefined || value === null) throw missing(this.#name(name));
    if (typeof value !== 'string') throw invalid(this.#name(name), 'a string');
    return value;
  }

  optionalString(name: string): string | undefined {
    const value = this.raw(name);
    if (value === undefined || value === null) return undefined;
    return this.string(name);
  }

  /** null is a value of its own: it clears. */
  nullableString(name: string): string | null | undefined {
    return this.raw(name) === null ? null : this.optionalString(name);
  }

  optionalBoolean(name: string): boolean | undefined {
    const value = this.raw(name);
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'boolean') throw invalid(this.#name(name), 'a boolean');
    return value;
  }

  optionalInteger(name: string): number | undefined {
    const value = this.raw(name);
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'number' || !Number.isInteger(value)) throw invalid(this.#name(name), 'an integer');
    return value;
  }

  optionalList(name: string): readonly unknown[] | undefined {
    const value = this.raw(name);
    if (value === undefined || value === null) return undefined;
    if (!Array.isArray(value)) throw invalid(this.#name(name), 'an array');
    return value;
  }

  optionalStrings(name: string): readonly string[] | undefined {
    return this.optionalList(name)?.map((item) => {
      if (typeof item !== 'string') throw invalid(this.#name(name), 'an array of strings');
      return item;
    });
  }

  object(name: string): BodyFields {
    return new BodyFields(this.raw(name), this.#name(name));
  }

  objects(name: string): readonly BodyFields[] {
    return (this.optionalList(name) ?? []).map((item, index) => new BodyFields(item, `${this.#name(name)}/${index}`));
  }

  oneOf<T extends string>(name: string, values: readonly T[]): T | undefined {
    const value = this.optionalString(name);
    if (value === undefined) return undefined;
    const known = values.find((each) => each === value);
    if (known === undefined) throw invalid(this.#name(name), `one of ${values.join(', ')}`);
    return known;
  }

  #name(name: string): string {
    return this.#path === '' ? name : `${this.#path}/${name}`;
  }
}

function wrong(field: string, expected: string): string {
  return `Invalid request.\n\nFor '${field}', the value is not ${expected}.`;
}

function invalid(field: string, expected: string): GitHubProblem {
  return new GitHubProblem(422, wrong(field, expected));
}

function missing(field: string): GitHubProblem {
  return new GitHubProblem(422, `Invalid request.\n\n"${field}" wasn't supplied.`);
}
