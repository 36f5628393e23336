import { type data, Evaluator, Lexer, Parser } from '@actions/expressions';
import type { FunctionDefinition } from '@actions/expressions/funcs/info';
import { type Token, TokenType } from '@actions/expressions/lexer';
import { BasicExpressionToken } from '@actions/workflow-parser/templates/tokens/index';
import { isSequence } from '@actions/workflow-parser/templates/tokens/type-guards';
import { entriesOf, itemsOf } from '../definition/template-reading.ts';
import type { Deferred } from '../definition/workflow-definition.ts';
import type { Json } from '../json.ts';
import { AuthorError } from '../refusal.ts';
import { contextData, expressionText, fromExpressionData, isTruthy, toExpressionData } from './expression-data.ts';

/** A key that is replaced by all the entries of its value. */
const insertKey = `\${{ insert }}`;

export type ExpressionFunction = (args: readonly string[]) => Json;

/** What an expression may see: contexts by name, and the functions that depend on the run. */
export interface Scope {
  readonly contexts: Readonly<Record<string, Json>>;
  readonly functions: Readonly<Record<string, ExpressionFunction>>;
}

export function evaluateExpression(expression: string, scope: Scope): Json {
  const functions = Object.entries(scope.functions).map(([name, call]) => functionDefinition(name, call));
  try {
    const tokens = new Lexer(expression).lex().tokens.map(withWholeText);
    const tree = new Parser(tokens, Object.keys(scope.contexts), functions).parse();
    if (tree === undefined) return null;
    const byName = new Map(functions.map((definition) => [definition.name.toLowerCase(), definition]));
    return fromExpressionData(new Evaluator(tree, contextData(scope.contexts), byName).evaluate());
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AuthorError(`The expression \${{ ${expression} }} cannot be evaluated: ${reason}`, { cause });
  }
}

/** The lexer undoubles only the first `''` of a text; the others are undoubled here. */
function withWholeText(token: Token): Token {
  if (token.type !== TokenType.STRING) return token;
  return { ...token, value: token.lexeme.slice(1, -1).replaceAll("''", "'") };
}

export function evaluateCondition(expression: string, scope: Scope): boolean {
  return isTruthy(evaluateExpression(expression, scope));
}

/** A part of a file with all its expressions replaced; undefined gives null. */
export function evaluateDeferred(token: Deferred | undefined, scope: Scope): Json {
  if (token === undefined) return null;
  if (token instanceof BasicExpressionToken) return evaluateExpression(token.expression, scope);
  if (token.isScalar) return literalValue(token);
  const items = itemsOf(token);
  if (items.length > 0) return items.map((item) => evaluateDeferred(item, scope));
  if (isSequence(token)) return [];
  return Object.fromEntries([...entriesOf(token)].flatMap(([key, value]) => evaluateEntry(key, value, scope)));
}

/** `undefined` for an absent part, else its text as GitHub would show it. */
export function evaluateText(token: Deferred | undefined, scope: Scope): string | undefined {
  return token === undefined ? undefined : expressionText(evaluateDeferred(token, scope));
}

/** A mapping of names to texts (`env:`, `with:`, `outputs:`). */
export function evaluateTexts(token: Deferred | undefined, scope: Scope): Record<string, string> {
  const value = evaluateDeferred(token, scope);
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, expressionText(item)]));
}

function evaluateEntry(key: string, value: Deferred, scope: Scope): readonly (readonly [string, Json])[] {
  const evaluated = evaluateDeferred(value, scope);
  if (key !== insertKey) return [[key, evaluated]];
  return evaluated !== null && typeof evaluated === 'object' ? Object.entries(evaluated) : [];
}

function literalValue(token: Deferred): Json {
  const { value } = token as Deferred & { readonly value?: Json };
  return value ?? null;
}

function functionDefinition(name: string, call: ExpressionFunction): FunctionDefinition {
  return {
    name,
    minArgs: 0,
    maxArgs: Number.MAX_SAFE_INTEGER,
    call: (...args: data.ExpressionData[]) => toExpressionData(call(args.map((arg) => arg.coerceString()))),
  };
}
