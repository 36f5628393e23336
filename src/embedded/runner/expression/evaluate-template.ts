import { evaluateExpression, type Scope } from './evaluate.ts';
import { expressionText } from './expression-data.ts';

/** A text with its `${{ … }}` replaced, for the few that GitHub reads before a run exists (`run-name`). */
export function evaluateTemplate(text: string, scope: Scope): string {
  return text.replaceAll(expressions, (_, expression: string) =>
    expressionText(evaluateExpression(expression.trim(), scope)),
  );
}

/** A closing bracket inside of quotes closes nothing. Each character fits one alternative only, so the scan is linear. */
const expressions = /\$\{\{((?:'[^']*'|[^'}]|\}(?!\}))*)\}\}/g;
