import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
import { parse } from 'yaml';
import { dispatchedWorkflowText } from '../../../../src/domain/dispatched-workflow-text.ts';
import { workflowText } from '../../../../src/domain/workflow-text.ts';
import { evaluateTemplate } from '../../../../src/embedded/runner/expression/evaluate-template.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';

const secret = ['sk', 'ant', 'of-whoever-calls'].join('-');
const contexts = { secrets: { ANTHROPIC_API_KEY: secret }, github: { token: secret }, inputs: {} };

interface Written {
  readonly jobs: { readonly agent: { readonly if?: string; readonly with?: Readonly<Record<string, string>> } };
}

/** The value that a called workflow gets, after the runner has read the file. */
function given(text: string, name: string): string {
  const value = (parse(text) as Written).jobs.agent.with?.[name] ?? '';
  return evaluateTemplate(value, { contexts, functions: {} });
}

const hostile = [
  `\${{ secrets.ANTHROPIC_API_KEY }}`,
  `it's \${{ github.token }} || '`,
  `\${{ format('{0}', secrets.ANTHROPIC_API_KEY) }} }}`,
  `"\nsecrets: inherit\nrun: \${{ secrets.ANTHROPIC_API_KEY }}`,
];

const writers: Readonly<Record<string, (prompt: string) => string>> = {
  'the workflow of init': (prompt) =>
    workflowText({ form: 'three-jobs', labelTrigger: 'agent', triggerPhrase: '/agent', inputs: { prompt } }),
  'the workflow that a coordinator starts': (prompt) =>
    dispatchedWorkflowText({ coordinatorUrl: 'https://agents.example.com', place: 'central', inputs: { prompt } }),
};

export const expressionInValue: Attack = {
  id: 'A6',
  title: 'an expression in a value that is written into a workflow: it would be evaluated with the caller’s secrets',
  async attack() {
    for (const [writer, write] of Object.entries(writers)) {
      for (const prompt of hostile) {
        const value = given(write(prompt), 'prompt');
        if (value.includes(secret)) return escaped(`${writer} evaluates ${JSON.stringify(prompt)}`);
        if (value !== prompt) return escaped(`${writer} changes it to ${JSON.stringify(value)}`);
      }
    }
    return contained('every value arrives as it was written');
  },
  async twin() {
    const prompt = 'Use "tabs": it\'s $5 {0} and {{ x }}.';
    const changed = Object.values(writers).find((write) => given(write(prompt), 'prompt') !== prompt);
    return changed === undefined ? passed('an ordinary sentence arrives') : hindered('it is changed');
  },
};

/** Whether GitHub would start the job for this comment, by GitHub’s own expressions. */
function starts(words: { readonly labelTrigger: string; readonly triggerPhrase: string }, body: string): boolean {
  const condition = (parse(workflowText({ form: 'three-jobs', ...words })) as Written).jobs.agent.if ?? '';
  const { tokens } = new Lexer(condition).lex();
  const tree = new Parser(tokens, ['github'], []).parse();
  const github = { event_name: 'issue_comment', event: { comment: { body } } };
  const result = new Evaluator(tree, JSON.parse(JSON.stringify({ github }), data.reviver)).evaluate();
  return result.kind === data.Kind.Boolean && result.value;
}

export const expressionInCondition: Attack = {
  id: 'A6',
  title: 'a label or phrase of a repository’s settings that ends its string in the condition of a job',
  async attack() {
    for (const word of ["agent' || true || '", "x') || (true) || contains('', '", `'}} \${{ true`]) {
      for (const words of [
        { labelTrigger: word, triggerPhrase: '/agent' },
        { labelTrigger: 'agent', triggerPhrase: word },
      ]) {
        if (starts(words, 'thank you')) return escaped(`${JSON.stringify(word)} starts a job for every comment`);
      }
    }
    return contained('the words stay within their strings');
  },
  async twin() {
    const words = { labelTrigger: 'an agent', triggerPhrase: '/bot' };
    return starts(words, 'please\n/bot fix')
      ? passed('its own phrase starts it')
      : hindered('its own phrase does nothing');
  },
};
