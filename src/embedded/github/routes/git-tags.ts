import { isRefName, isSha } from '../git/ref-name.ts';
import { notFound, unprocessable } from '../http/problem.ts';
import { created, ok, param, type RepositoryCall, type Route, repositoryRoute } from '../http/route.ts';
import { accountOf, readers, writers } from '../identity/access.ts';
import { apiSignature, signatureOf } from '../identity/commit-author.ts';
import { gitNodeId, renderSignature, unsigned } from '../render/commit.ts';
import { repositoryApiUrl } from '../render/repository.ts';

/** Annotated tags: objects of their own, which a ref under `refs/tags/` then names. */
export const gitTagRoutes: readonly Route[] = [
  repositoryRoute('GET /repos/{owner}/{repo}/git/tags/{tag_sha}', readers('contents'), async (call) =>
    ok(await renderTag(call, param(call, 'tag_sha'))),
  ),
  repositoryRoute('POST /repos/{owner}/{repo}/git/tags', writers('write', 'contents'), createTag),
];

async function renderTag(call: RepositoryCall, sha: string) {
  const tag = isSha(sha) ? await call.repository.git.objects.read(sha) : undefined;
  if (tag?.type !== 'tag') throw notFound();
  const text = tag.bytes.toString('utf8');
  const gap = text.indexOf('\n\n');
  const head = text.slice(0, gap).split('\n');
  const field = (name: string) => head.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1) ?? '';
  const target = { sha: field('object'), type: field('type') };
  const tagger = /^(.*?) ?<([^>]*)> (\d+)/.exec(field('tagger'));
  const date = new Date(Number(tagger?.[3] ?? 0) * 1000).toISOString().replace('.000Z', 'Z');
  const api = repositoryApiUrl(call.world, call.repository);
  return {
    node_id: gitNodeId('Tag', call.repository, sha),
    tag: field('tag'),
    sha,
    url: `${api}/git/tags/${sha}`,
    message: text.slice(gap + 2).trimEnd(),
    tagger: renderSignature({ name: tagger?.[1] ?? '', email: tagger?.[2] ?? '', date }),
    object: { ...target, url: `${api}/git/${target.type}s/${target.sha}` },
    verification: unsigned,
  };
}

async function createTag(call: RepositoryCall) {
  const { repository, body, world } = call;
  const tag = body.string('tag');
  const message = body.string('message');
  const object = body.string('object');
  const type = body.oneOf('type', ['commit', 'tree', 'blob']) ?? 'commit';
  if (!isRefName(`refs/tags/${tag}`)) throw unprocessable(`${tag} is not a valid tag name`);
  const info = isSha(object) ? await repository.git.objects.info(object) : undefined;
  if (info?.type !== type) throw unprocessable(`${object} is not a valid ${type}`);
  const fallback = signatureOf(accountOf(call.actor), world);
  const tagger = body.has('tagger') ? apiSignature(body.object('tagger'), fallback) : fallback;
  const when = Math.floor(Date.parse(tagger.date) / 1000);
  const lines = [
    `object ${object}`,
    `type ${type}`,
    `tag ${tag}`,
    `tagger ${tagger.name} <${tagger.email}> ${when} +0000`,
  ];
  const sha = await repository.git.text(['mktag'], { stdin: `${lines.join('\n')}\n\n${message}\n` });
  const rendered = await renderTag(call, sha);
  return created(rendered, rendered.url);
}
