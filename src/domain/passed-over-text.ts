import { asCodeBlock, asCodeSpan } from './outgoing-text.ts';
import { boundPassedOver, maxPassedOver, type PassedOverRung } from './passed-over.ts';

/** For comments, pull requests and summaries: folded, and every text of it inert. Empty when nothing was passed over. */
export function passedOverText(rungs: readonly PassedOverRung[] = []): string {
  if (rungs.length === 0) return '';
  const told = boundPassedOver(rungs).flatMap(({ rung, reason, fix }) => [
    `**${rung}** cannot be had: ${asCodeSpan(reason, maxPassedOver.reason)}`,
    ...(fix.trim() === '' ? [] : [asCodeBlock(fix, maxPassedOver.fix)]),
  ]);
  return `<details><summary>Why no stronger sandbox was taken</summary>\n\n${told.join('\n\n')}\n\n</details>`;
}
