import { listAnswer } from '../http/pagination.ts';
import { notFound, validationFailed } from '../http/problem.ts';
import { created, noContent, ok, param, type RepositoryCall, type Route, repositoryRoute } from '../http/route.ts';
import { readers, writers } from '../identity/access.ts';
import { setLabels } from '../issues/change-issue.ts';
import { checkIssuePermission, issueOf } from '../issues/find-issue.ts';
import { findLabel } from '../issues/open-issue.ts';
import { renderLabel } from '../render/issue.ts';
import type { Label } from '../state/issue-state.ts';
import { readLabels } from './issues.ts';

const ofRepository = '/repos/{owner}/{repo}/labels';
const ofIssue = '/repos/{owner}/{repo}/issues/{issue_number}/labels';
const read = readers('issues', 'pull_requests');
const triage = writers('triage', 'issues', 'pull_requests');

export const labelRoutes: readonly Route[] = [
  repositoryRoute(`GET ${ofRepository}`, read, (call) => answerList(call, call.repository.labels)),
  repositoryRoute(`POST ${ofRepository}`, writers('write', 'issues', 'pull_requests'), createLabel),
  repositoryRoute(`GET ${ofRepository}/{name}`, read, (call) => ok(render(call, labelOf(call)))),
  repositoryRoute(`PATCH ${ofRepository}/{name}`, writers('write', 'issues', 'pull_requests'), updateLabel),
  repositoryRoute(`DELETE ${ofRepository}/{name}`, writers('write', 'issues', 'pull_requests'), (call) => {
    const label = labelOf(call);
    call.repository.labels.splice(call.repository.labels.indexOf(label), 1);
    for (const issue of call.repository.issues.values()) issue.labels = issue.labels.filter((each) => each !== label);
    return noContent;
  }),
  repositoryRoute(`GET ${ofIssue}`, read, (call) => answerList(call, issueOf(call).labels)),
  repositoryRoute(`POST ${ofIssue}`, triage, (call) => changeLabels(call, (now, given) => [...now, ...given])),
  repositoryRoute(`PUT ${ofIssue}`, triage, (call) => changeLabels(call, (_, given) => [...given])),
  repositoryRoute(`DELETE ${ofIssue}`, triage, async (call) => {
    await changeLabels(call, () => []);
    return noContent;
  }),
  repositoryRoute(`DELETE ${ofIssue}/{name}`, triage, async (call) => {
    const name = param(call, 'name').toLowerCase();
    const issue = issueOf(call);
    if (!issue.labels.some((label) => label.name.toLowerCase() === name)) throw notFound();
    return changeLabels(call, (now) => now.filter((label) => label.name.toLowerCase() !== name));
  }),
];

function render(call: RepositoryCall, label: Label) {
  return renderLabel(call.world, call.repository, label);
}

function answerList(call: RepositoryCall, labels: readonly Label[]) {
  return listAnswer(call, labels, (label) => render(call, label));
}

function labelOf(call: RepositoryCall): Label {
  const label = findLabel(call.repository, param(call, 'name'));
  if (label === undefined) throw notFound();
  return label;
}

function createLabel(call: RepositoryCall) {
  const { world, repository, body } = call;
  const name = body.string('name');
  if (name.trim() === '') throw validationFailed({ resource: 'Label', field: 'name', code: 'missing_field' });
  if (findLabel(repository, name) !== undefined) {
    throw validationFailed({ resource: 'Label', field: 'name', code: 'already_exists' });
  }
  const color = colorOf(call) ?? 'ededed';
  const description = body.optionalString('description') ?? null;
  const label: Label = { id: world.store.id(), name, color, description, isDefault: false };
  repository.labels.push(label);
  const rendered = render(call, label);
  return created(rendered, rendered.url);
}

function updateLabel(call: RepositoryCall) {
  const label = labelOf(call);
  const name = call.body.optionalString('new_name') ?? label.name;
  const other = findLabel(call.repository, name);
  if (other !== undefined && other !== label) {
    throw validationFailed({ resource: 'Label', field: 'name', code: 'already_exists' });
  }
  label.color = colorOf(call) ?? label.color;
  label.description = call.body.optionalString('description') ?? label.description;
  label.name = name;
  return ok(render(call, label));
}

function colorOf(call: RepositoryCall): string | undefined {
  const color = call.body.optionalString('color');
  if (color !== undefined && !/^[0-9a-f]{6}$/i.test(color)) {
    throw validationFailed({ resource: 'Label', field: 'color', code: 'invalid' });
  }
  return color;
}

async function changeLabels(call: RepositoryCall, change: (now: readonly Label[], given: readonly Label[]) => Label[]) {
  const issue = issueOf(call);
  checkIssuePermission(call.repository, call.actor, issue);
  const bare = Array.isArray(call.rawBody) ? call.rawBody : undefined;
  const given = readLabels(call, bare ?? call.body.optionalList('labels')) ?? [];
  await setLabels(call, issue, change(issue.labels, given));
  return ok(issue.labels.map((label) => render(call, label)));
}
