import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { refusal } from '../refusal.ts';
import { present, readSteps } from './read-steps.ts';
import { loadSchemas } from './schemas.ts';
import { entriesOf, openTemplate, plainValue, refuseInvalid, textOf } from './template-reading.ts';
import type { Deferred, StepDefinition } from './workflow-definition.ts';

export interface ActionManifest {
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  readonly inputs: ReadonlyMap<string, { readonly default?: Deferred; readonly deprecation?: string }>;
  readonly runs: NodeRuns | CompositeRuns;
}

export interface NodeRuns {
  readonly kind: 'node';
  readonly main: string;
  readonly pre?: string;
  readonly preIf: string;
  readonly post?: string;
  readonly postIf: string;
}

export interface CompositeRuns {
  readonly kind: 'composite';
  readonly steps: readonly StepDefinition[];
  readonly outputs: ReadonlyMap<string, Deferred>;
}

/** Undefined when the folder holds no action. Throws E800 for one that this runner cannot run. */
export async function readAction(folder: string): Promise<ActionManifest | undefined> {
  const file = ['action.yml', 'action.yaml'].map((name) => path.join(folder, name)).find((name) => existsSync(name));
  if (file === undefined) {
    if (existsSync(path.join(folder, 'Dockerfile'))) throw dockerRefusal(folder);
    return undefined;
  }
  const { action: schema } = await loadSchemas();
  const template = openTemplate({ schema, root: 'action-root', path: file, text: readFileSync(file, 'utf8') });
  const parts = entriesOf(template.root);
  const runs = entriesOf(parts.get('runs'));
  const using = textOf(runs.get('using'))?.toLowerCase();
  if (using === 'docker') throw dockerRefusal(file);
  const manifest = {
    name: textOf(parts.get('name')) ?? path.basename(folder),
    folder,
    inputs: readInputs(parts.get('inputs')),
    runs: using === 'composite' ? readComposite() : readNode(file, using, runs),
  };
  refuseInvalid(template);
  return manifest;

  function readComposite(): CompositeRuns {
    const outputs = new Map<string, Deferred>();
    for (const [name, token] of entriesOf(parts.get('outputs'))) {
      const value = entriesOf(token).get('value');
      if (value !== undefined) outputs.set(name, value);
    }
    return { kind: 'composite', steps: readSteps(template, runs.get('steps')), outputs };
  }
}

function readNode(file: string, using: string | undefined, runs: ReadonlyMap<string, Deferred>): NodeRuns {
  if (using === undefined || !/^node\d+$/.test(using)) {
    throw refusal(`${file} says 'using: ${using ?? ''}'`, 'The local runner knows node20, node24 and composite.');
  }
  const main = textOf(runs.get('main'));
  if (main === undefined) throw refusal(`${file} has no 'main'`, 'Name the file that the action runs.');
  return {
    kind: 'node',
    main,
    preIf: textOf(runs.get('pre-if')) ?? 'always()',
    postIf: textOf(runs.get('post-if')) ?? 'always()',
    ...present({ pre: textOf(runs.get('pre')), post: textOf(runs.get('post')) }),
  };
}

function readInputs(token: Deferred | undefined): ActionManifest['inputs'] {
  const inputs = [...entriesOf(token)].map(([name, value]) => {
    const parts = entriesOf(value);
    const deprecation = plainValue(parts.get('deprecationMessage'));
    const text = typeof deprecation === 'string' ? deprecation : undefined;
    return [name, present({ default: parts.get('default'), deprecation: text })] as const;
  });
  return new Map(inputs);
}

function dockerRefusal(what: string): Error {
  return refusal(`${what} is a Docker action, which the local runner does not have`, 'Use a Node or composite action.');
}
