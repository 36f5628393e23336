/**
 * Stands where the CDK's program stands in a clone: notes how it was called, and makes the stack of `template.json` with moto's
 * CloudFormation. Plain JavaScript, since it is started as the real one is.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [, , command, ...rest] = process.argv;
const root = process.cwd();
const option = (name) => rest[rest.indexOf(name) + 1];
appendFileSync(join(root, 'cdk-calls.jsonl'), `${JSON.stringify({ argv: process.argv.slice(2), env: process.env })}\n`);
console.error(`cdk ${command}`);

const endpoint = process.env.AWS_ENDPOINT_URL;
const headers = (service) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=test/20261121/${process.env.AWS_REGION}/${service}/aws4_request, SignedHeaders=host, Signature=00`,
});
async function cloudFormation(Action, fields) {
  const body = new URLSearchParams({ Action, Version: '2010-05-15', ...fields });
  const answer = await fetch(endpoint, { method: 'POST', headers: headers('cloudformation'), body });
  return { ok: answer.ok, text: await answer.text() };
}

if (existsSync(join(root, `cdk-${command}-fails`))) {
  console.error('as planned');
  process.exit(1);
}
switch (command) {
  case 'synth': {
    const settings = JSON.parse(readFileSync(option('--context').replace(/^settings=/, ''), 'utf8'));
    if (typeof settings.githubAppId !== 'number') throw new Error('githubAppId is missing');
    mkdirSync(option('--output'), { recursive: true });
    writeFileSync(join(option('--output'), `${rest[0]}.template.json`), readFileSync(join(root, 'template.json')));
    break;
  }
  case 'deploy': {
    const TemplateBody = readFileSync(join(option('--app'), `${rest[0]}.template.json`), 'utf8');
    // moto's CloudFormation makes no secrets; an empty one that is there stays.
    const Name = JSON.parse(TemplateBody).Outputs.WebhookSecretId.Value;
    const target = { 'x-amz-target': 'secretsmanager.CreateSecret', 'content-type': 'application/x-amz-json-1.1' };
    const secret = { headers: { ...headers('secretsmanager'), ...target }, body: JSON.stringify({ Name }) };
    await fetch(endpoint, { method: 'POST', ...secret });
    const made = await cloudFormation('CreateStack', { StackName: rest[0], TemplateBody });
    if (!made.ok && !/AlreadyExists/.test(made.text)) throw new Error(made.text);
    if (!made.ok) {
      const changed = await cloudFormation('UpdateStack', { StackName: rest[0], TemplateBody });
      if (!changed.ok && !/No updates/.test(changed.text)) throw new Error(changed.text);
    }
    break;
  }
  case 'destroy':
    await cloudFormation('DeleteStack', { StackName: rest[0] });
    break;
  case 'bootstrap': {
    const body = JSON.stringify({
      Name: '/cdk-bootstrap/hnb659fds/version',
      Value: '27',
      Type: 'String',
      Overwrite: true,
    });
    const target = { 'x-amz-target': 'AmazonSSM.PutParameter', 'content-type': 'application/x-amz-json-1.1' };
    await fetch(endpoint, { method: 'POST', headers: { ...headers('ssm'), ...target }, body });
    break;
  }
  case 'diff':
    console.log('[~] what would change');
    break;
  default:
    throw new Error(`nobody should call cdk ${command}`);
}
