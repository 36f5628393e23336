import type { Command } from '../domain/command.ts';
import { commandTable } from '../domain/command-table.ts';
import { EntropyError } from '../domain/error.ts';
import * as answers from '../domain/gate-answers.ts';
import { isModelAllowed } from '../domain/model-policy.ts';
import type { RoleDefinition } from '../domain/roles/role.ts';
import type { WorkKind } from '../domain/roles/work-kind.ts';
import type { Settings } from '../domain/settings.ts';
import type { Forge } from '../ports/forge.ts';
import type { PermittedRequest, RefusalReason } from './gate.ts';
import { resolveRole } from './read-roles.ts';

export type ChosenRole =
  | { readonly kind: 'chosen'; readonly role: RoleDefinition; readonly work: WorkKind; readonly model: string }
  | { readonly kind: 'refused'; readonly reason: RefusalReason; readonly text: string };

/**
 * Who does the work of a command, with which model: the role that was asked for or the command's own, as the default branch
 * has it, when it gives this kind of work and the repository's policy has role and model.
 */
export async function chooseRole(forge: Forge, request: PermittedRequest, command: Command): Promise<ChosenRole> {
  const { settings, defaultHead } = request;
  const { work } = commandTable[command.name];
  if (work === undefined) throw new RangeError(`${command.name} sends no agent`);
  const name = command.options.role ?? work.role;
  const resolved = await readRole(forge, name, defaultHead);
  if (resolved instanceof EntropyError) {
    const text = answers.configurationWrong(resolved.code, resolved.message);
    return { kind: 'refused', reason: 'configuration', text };
  }
  if (resolved.kind === 'not-found') {
    return { kind: 'refused', reason: 'policy', text: answers.roleUnknown(name, resolved.known, resolved.other) };
  }
  const { role } = resolved;
  if (!role.results.includes(work.kind)) {
    return {
      kind: 'refused',
      reason: 'policy',
      text: answers.roleGivesNot(role, command.name, settings.triggerPhrase),
    };
  }
  const { allowedRoles, allowedModels } = settings;
  if (allowedRoles.length > 0 && !allowedRoles.includes(name)) {
    return { kind: 'refused', reason: 'policy', text: answers.roleNotAllowed(name, allowedRoles) };
  }
  const model = modelOf(settings, role, command);
  if (!isModelAllowed(allowedModels, model)) {
    return { kind: 'refused', reason: 'policy', text: answers.modelNotAllowed(model, allowedModels) };
  }
  return { kind: 'chosen', role, work: work.kind, model };
}

/** The nearest word counts: of whoever asks, of the repository for this role, of the role's own file, of the repository. */
function modelOf({ model, roleModels }: Settings, role: RoleDefinition, { options }: Command): string {
  const mapped = Object.hasOwn(roleModels, role.name) ? roleModels[role.name] : undefined;
  return options.model ?? mapped ?? role.model ?? model;
}

/** A file of a role that cannot be read is the repository's to mend, and nothing goes wrong here. */
export async function readRole(
  forge: Forge,
  name: string,
  sha: string,
): Promise<Awaited<ReturnType<typeof resolveRole>> | EntropyError> {
  try {
    return await resolveRole(forge, { name, sha });
  } catch (error) {
    if (error instanceof EntropyError && error.code === 'E101') return error;
    throw error;
  }
}
