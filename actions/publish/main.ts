// Main and post are one bundle: dist/post.js starts it with a word.
import { runAction } from '../../src/runtime/action-io.ts';
import { closeAction } from '../../src/runtime/close-action.ts';
import { isPost } from '../../src/runtime/close-state.ts';
import { publishAction } from '../../src/runtime/publish-action.ts';

await runAction(isPost() ? closeAction : publishAction);
