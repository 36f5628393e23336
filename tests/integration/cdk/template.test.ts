/** One file for all that looks at the template: loading the CDK takes longer than making it, and each file loads it anew. */
import './checks.cases.ts';
import './docs.cases.ts';
import './grants.cases.ts';
import './settings.cases.ts';
import './stack.cases.ts';
import './used-actions.cases.ts';
