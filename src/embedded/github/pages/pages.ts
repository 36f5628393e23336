import type { Context, Hono } from 'hono';
import { html } from 'hono/html';
import { diffText } from '../git/diff.ts';
import { log } from '../git/history.ts';
import type { RequestLog } from '../http/request-log.ts';
import { diffRange, pullFigures, pullFiles } from '../pulls/pull-figures.ts';
import { isPull } from '../state/issue-state.ts';
import { type Repository, repositoryFullName } from '../state/repository-state.ts';
import type { World } from '../world.ts';
import { codePage, codePlace, commitPage, repositoryPage } from './code-pages.ts';
import { issueListPage, issuePage } from './issue-pages.ts';
import { page, plural } from './layout.ts';
import type { Html } from './markdown-inline.ts';
import { avatarSvg } from './people.ts';
import { pullPage } from './pull-page.ts';
import { runListPage, runPage } from './run-pages.ts';
import { style } from './style.ts';

/** Nothing that somebody wrote into an issue may run, load or send anything. */
const policy =
  "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";
const safety = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/** What people see in a browser. Nothing here writes. */
export function addPages(app: Hono, world: World, requests: RequestLog): void {
  const { store } = world;
  app.get('/_style.css', (context) => context.body(style, 200, { 'content-type': 'text/css; charset=utf-8' }));
  app.get('/_avatars/:file', (context) => {
    const account = store.accounts.findById(Number.parseInt(context.req.param('file'), 10));
    return context.body(avatarSvg(account), 200, {
      ...safety,
      'content-type': 'image/svg+xml',
      'cache-control': 'max-age=3600',
    });
  });
  app.get('/_inspector', (context) =>
    context.json({ counts: requests.counts(), requests: requests.requests() }, 200, safety),
  );
  app.get('/', (context) => show(context, homePage(store.repositories())));

  const repositoryOf = (context: Context) =>
    store.repository(context.req.param('owner') ?? '', context.req.param('repo') ?? '');
  const add = (path: string, render: (repository: Repository, context: Context) => Answered) =>
    app.get(`/:owner/:repo${path}`, async (context) => {
      const repository = repositoryOf(context);
      return show(context, repository === undefined ? undefined : await render(repository, context));
    });
  add('', repositoryPage);
  add('/issues', (repository) => issueListPage(repository, 'issues'));
  add('/pulls', (repository) => issueListPage(repository, 'pulls'));
  add('/issues/:number{[0-9]+}', (repository, context) => {
    const issue = repository.issues.get(Number(context.req.param('number')));
    if (issue === undefined) return undefined;
    return isPull(issue)
      ? context.redirect(`/${repositoryFullName(repository)}/pull/${issue.number}`)
      : issuePage(repository, issue);
  });
  add('/pull/:number{[0-9]+}', (repository, context) => renderPullPage(world, repository, context));
  add('/pull/:file{[0-9]+\\.(?:diff|patch)}', renderPullText);
  add('/actions', runListPage);
  add('/actions/runs/:id{[0-9]+}', (repository, context) => {
    const run = repository.runs.get(Number(context.req.param('id')));
    return run && runPage(repository, run);
  });
  const jobOf = (repository: Repository, context: Context) => {
    const run = repository.runs.get(Number(context.req.param('id')));
    const job = run?.jobs.find((each) => each.id === Number(context.req.param('job')));
    return run === undefined || job === undefined ? undefined : { run, job };
  };
  add('/actions/runs/:id{[0-9]+}/job/:job{[0-9]+}', (repository, context) => {
    const found = jobOf(repository, context);
    const page = `/${repositoryFullName(repository)}/actions/runs/${found?.run.id}#job-${found?.job.id}`;
    return found && context.redirect(page);
  });
  add('/actions/runs/:id{[0-9]+}/job/:job{[0-9]+}/log.txt', (repository, context) => {
    const found = jobOf(repository, context);
    return found && context.text(found.run.jobLogs.get(found.job.id) ?? found.run.log, 200, safety);
  });
  add('/commit/:sha', (repository, context) => commitPage(repository, context.req.param('sha') ?? ''));
  for (const word of ['tree', 'blob']) {
    add(`/${word}/:rest{.+}`, async (repository, context) => {
      const place = await codePlace(repository, context.req.param('rest') ?? '');
      return place && codePage(repository, place);
    });
  }
  add('/raw/:rest{.+}', renderRaw);
  app.notFound((context) => show(context, undefined));
}

type Answered = Html | Response | undefined | Promise<Html | Response | undefined>;

async function show(context: Context, answer: Html | Response | undefined): Promise<Response> {
  if (answer instanceof Response) return answer;
  if (answer !== undefined) return context.html(answer, 200, safety);
  const body = html`<h1>Not found</h1><p>There is nothing at this address. <a href="/">All repositories</a></p>`;
  return context.html(page({ title: 'Not found', body }), 404, safety);
}

function homePage(repositories: readonly Repository[]): Html {
  const rows = repositories.map((repository) => {
    const open = [...repository.issues.values()].filter((issue) => issue.state === 'open');
    const pulls = open.filter((issue) => issue.pull !== undefined).length;
    return html`<div class="row"><div class="grow"><a class="title" href="/${repositoryFullName(repository)}">${repositoryFullName(repository)}</a>${repository.private ? html` <span class="label">private</span>` : ''}<div class="dim small">${repository.description ?? ''}</div></div><span class="dim small nowrap">${plural(open.length - pulls, 'open issue')} · ${plural(pulls, 'open pull request')}</span></div>`;
  });
  const body = html`<h1>Repositories</h1><div class="box">${rows.length === 0 ? html`<div class="empty">None were seeded.</div>` : rows}</div>`;
  return page({ title: 'Embedded GitHub', body });
}

async function renderPullPage(
  world: World,
  repository: Repository,
  context: Context,
): Promise<Html | Response | undefined> {
  const issue = repository.issues.get(Number(context.req.param('number')));
  if (issue === undefined) return undefined;
  if (!isPull(issue)) return context.redirect(`/${repositoryFullName(repository)}/issues/${issue.number}`);
  const { from, to } = await diffRange(repository, issue);
  const [figures, files, commits] = await Promise.all([
    pullFigures(repository, issue),
    pullFiles(repository, issue),
    log(repository.git, { from: to, not: from, oldestFirst: true, limit: 250 }),
  ]);
  return pullPage(world, repository, { issue, figures, files, commits });
}

async function renderPullText(repository: Repository, context: Context): Promise<Response | undefined> {
  const file = context.req.param('file') ?? '';
  const issue = repository.issues.get(Number.parseInt(file, 10));
  if (!isPull(issue)) return undefined;
  const { from, to } = await diffRange(repository, issue);
  const mails = ['format-patch', '--stdout', '--no-ext-diff', '--no-textconv', `${from}..${to}`];
  const text = file.endsWith('.diff')
    ? await diffText(repository.git, from, to)
    : (await repository.git.run(mails)).stdout.toString('utf8');
  return context.text(text, 200, safety);
}

/** Always as text or as bytes to keep: a page in a repository must not become a page of this server. */
async function renderRaw(repository: Repository, context: Context): Promise<Response | undefined> {
  const place = await codePlace(repository, context.req.param('rest') ?? '');
  const blob = place && (await repository.git.objects.read(`${place.commit}:${place.path}`));
  if (blob?.type !== 'blob') return undefined;
  const binary = blob.bytes.subarray(0, 8000).includes(0);
  const type = binary ? 'application/octet-stream' : 'text/plain; charset=utf-8';
  return context.body(new Uint8Array(blob.bytes), 200, { ...safety, 'content-type': type });
}
