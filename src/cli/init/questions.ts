import { EntropyError } from '../../domain/error.ts';
import { parseList } from '../../domain/quantity.ts';
import { settingProblem } from '../../domain/setting-rules.ts';
import type { WorkflowForm } from '../../domain/workflow-text.ts';

export interface Answers {
  readonly form: WorkflowForm;
  readonly model: string;
  readonly allowUsers: readonly string[];
}

/** What is not known from options is asked, at most three questions, each with a default on Enter. */
export async function askQuestions(known: Partial<Answers>, defaults: Answers, signal: AbortSignal): Promise<Answers> {
  const { isCancel, select, text } = await import('@clack/prompts');
  // stdout is for data.
  const shared = { output: process.stderr, signal };
  const askForm = () =>
    select<WorkflowForm>({
      ...shared,
      message: 'Which form?',
      initialValue: defaults.form,
      options: [
        { value: 'three-jobs', label: 'three jobs', hint: 'the job with the model cannot write; recommended' },
        { value: 'one-step', label: 'one step', hint: 'gate, agent and publish in one trusted job; live progress' },
      ],
    });
  const askModel = () =>
    text({
      ...shared,
      message: 'Which model?',
      defaultValue: defaults.model,
      placeholder: defaults.model,
      validate: (value) => (value === undefined || value === '' ? undefined : settingProblem('model', value)),
    });
  const askLogins = () =>
    text({
      ...shared,
      message: 'Who may start agents, besides people with write access? (logins, separated by commas)',
      defaultValue: defaults.allowUsers.join(', '),
      placeholder: defaults.allowUsers.length === 0 ? 'nobody' : defaults.allowUsers.join(', '),
      validate: (value) => settingProblem('allowUsers', parseList(value ?? '')),
    });

  const form = known.form ?? (await askForm());
  if (isCancel(form)) throw left();
  const model = known.model ?? (await askModel());
  if (isCancel(model)) throw left();
  if (known.allowUsers !== undefined) return { form, model, allowUsers: known.allowUsers };
  const logins = await askLogins();
  if (isCancel(logins)) throw left();
  return { form, model, allowUsers: parseList(logins) };
}

function left(): EntropyError {
  return new EntropyError({
    code: 'E105',
    message: 'init was left before the last answer',
    fix: 'nothing was written; run it again',
  });
}
