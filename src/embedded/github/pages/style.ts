/** One sheet for all pages; light and dark by the reader's own setting. */
export const style = `
:root {
  color-scheme: light dark;
  --bg: #ffffff; --soft: #f6f8fa; --line: #d5dbe1; --text: #1f2328; --dim: #59636e; --link: #0a5fd0;
  --green: #1a7f37; --green-soft: #dafbe1; --green-mark: #aceebb; --red: #c21f2b; --red-soft: #ffebe9; --red-mark: #ffcecb;
  --violet: #7a4bd0; --amber: #9a6700; --amber-soft: #fff4d3; --grey: #59636e; --code: #eff2f5; --shadow: 0 1px 2px #1f23280f;
}
@media (prefers-color-scheme: dark) {
  :root {
    --bg: #0d1117; --soft: #151b23; --line: #303842; --text: #e8edf3; --dim: #98a2ad; --link: #58a6ff;
    --green: #3fb950; --green-soft: #12261e; --green-mark: #1c4328; --red: #f85149; --red-soft: #2b1719; --red-mark: #542426;
    --violet: #ab7df8; --amber: #d29922; --amber-soft: #2a2113; --grey: #8b949e; --code: #1d242c; --shadow: none;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--bg); color: var(--text); font: 15px/1.55 -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", Helvetica, Arial, sans-serif; }
a { color: var(--link); text-decoration: none; }
a:hover { text-decoration: underline; }
code, pre, .mono { font-family: ui-monospace, SFMono-Regular, "SF Mono", Menlo, "DejaVu Sans Mono", Consolas, monospace; font-size: 0.86em; }
.top { background: var(--soft); border-bottom: 1px solid var(--line); }
.top > div, main, footer { max-width: 1120px; margin: 0 auto; padding: 0 24px; }
.top > div { display: flex; align-items: center; gap: 12px; height: 56px; }
.top .mark { display: inline-flex; width: 26px; height: 26px; border-radius: 7px; background: linear-gradient(135deg, #0a5fd0, #7a4bd0); }
.top .crumbs { font-size: 16px; font-weight: 600; }
.top .crumbs i { font-style: normal; color: var(--dim); font-weight: 400; padding: 0 4px; }
.top .note { margin-left: auto; color: var(--dim); font-size: 13px; }
nav.tabs { max-width: 1120px; margin: 0 auto; padding: 0 16px; display: flex; gap: 4px; }
nav.tabs a { padding: 8px 12px 10px; color: var(--text); border-bottom: 2px solid transparent; font-size: 14px; }
nav.tabs a:hover { text-decoration: none; background: var(--code); border-radius: 6px 6px 0 0; }
nav.tabs a.here { border-bottom-color: var(--link); font-weight: 600; }
main { padding-top: 28px; padding-bottom: 48px; }
footer { padding-top: 18px; padding-bottom: 36px; color: var(--dim); font-size: 13px; }
h1 { font-size: 27px; line-height: 1.25; font-weight: 500; margin: 0 0 8px; overflow-wrap: anywhere; }
h1 .number { color: var(--dim); font-weight: 300; }
h2 { font-size: 18px; margin: 32px 0 12px; }
.meta { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; color: var(--dim); margin-bottom: 24px; padding-bottom: 18px; border-bottom: 1px solid var(--line); }
.badge { display: inline-flex; align-items: center; gap: 6px; padding: 3px 12px; border-radius: 999px; color: #fff; font-weight: 600; font-size: 13.5px; background: var(--grey); }
.badge.open, .badge.success { background: #1f883d; } .badge.merged { background: #7a4bd0; } .badge.closed, .badge.failure { background: #c21f2b; }
.badge.running { background: #0a5fd0; } .badge.draft, .badge.cancelled, .badge.queued { background: #59636e; }
.label { display: inline-block; padding: 0 8px; border-radius: 999px; border: 1px solid var(--line); font-size: 12px; line-height: 20px; font-weight: 600; color: var(--text); background: var(--soft); white-space: nowrap; }
.label + .label { margin-left: 5px; }
.row > .dim:first-child { width: 10px; text-align: center; }
.label svg { vertical-align: -0.5px; }
.branch { padding: 2px 7px; border-radius: 6px; background: var(--code); color: var(--link); font-family: ui-monospace, Menlo, "DejaVu Sans Mono", monospace; font-size: 12.5px; overflow-wrap: anywhere; }
.box { border: 1px solid var(--line); border-radius: 8px; margin-bottom: 18px; background: var(--bg); box-shadow: var(--shadow); overflow: hidden; }
.box > header { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; padding: 9px 16px; background: var(--soft); border-bottom: 1px solid var(--line); font-size: 14px; color: var(--dim); }
.box > header b { color: var(--text); }
.box > header .right { margin-left: auto; }
.row { display: flex; align-items: baseline; gap: 10px; padding: 10px 16px; border-top: 1px solid var(--line); }
.row:first-child, .box > header + .row { border-top: 0; }
.box > header:only-child { border-bottom: 0; }
.row .grow { flex: 1; min-width: 0; overflow-wrap: anywhere; }
.row .title { font-weight: 600; color: var(--text); }
.row .title:hover { color: var(--link); }
.dim { color: var(--dim); } .small { font-size: 13px; } .nowrap { white-space: nowrap; }
.plus { color: var(--green); font-weight: 600; } .minus { color: var(--red); font-weight: 600; }
.talk { display: grid; grid-template-columns: 40px minmax(0, 1fr); gap: 14px; }
.talk > img { width: 40px; height: 40px; margin-top: 1px; }
.line { display: flex; align-items: center; gap: 8px; margin: 0 0 18px 54px; color: var(--dim); font-size: 14px; }
.line img { width: 20px; height: 20px; }
.line b { color: var(--text); }
.text { padding: 14px 16px; overflow-wrap: break-word; }
.text > :first-child { margin-top: 0; } .text > :last-child { margin-bottom: 0; }
.text h1, .text h2, .text h3, .text h4, .text h5, .text h6 { margin: 20px 0 10px; line-height: 1.3; font-weight: 600; }
.text h1 { font-size: 22px; } .text h2 { font-size: 19px; } .text h3 { font-size: 17px; } .text h4, .text h5, .text h6 { font-size: 15px; }
.text p, .text ul, .text ol, .text pre, .text table, .text blockquote, .text details { margin: 0 0 12px; }
.text ul, .text ol { padding-left: 26px; }
.text li.task { list-style: none; margin-left: -22px; }
.text li.task > .tick { display: inline-block; width: 15px; height: 15px; margin-right: 8px; vertical-align: -1px; border: 1.5px solid var(--dim); border-radius: 4px; text-align: center; line-height: 12px; font-size: 11px; font-weight: 700; }
.text li.task > .tick.done { background: var(--link); border-color: var(--link); color: var(--bg); }
.text code { background: var(--code); padding: 2px 5px; border-radius: 5px; overflow-wrap: anywhere; }
.text pre { background: var(--soft); padding: 12px 14px; border-radius: 7px; overflow-x: auto; line-height: 1.5; }
.text pre code { background: none; padding: 0; overflow-wrap: normal; font-size: 1em; }
.text blockquote { border-left: 4px solid var(--line); padding-left: 14px; color: var(--dim); }
.text table { border-collapse: collapse; display: block; overflow-x: auto; width: max-content; max-width: 100%; }
.text th, .text td { border: 1px solid var(--line); padding: 5px 12px; text-align: left; }
.text th { background: var(--soft); }
.text details { border: 1px solid var(--line); border-radius: 7px; padding: 8px 14px; }
.text details[open] > summary { margin-bottom: 10px; }
.text summary { cursor: pointer; font-weight: 600; }
.text hr { border: 0; border-top: 1px solid var(--line); margin: 18px 0; }
.text .mention { font-weight: 600; color: var(--text); }
.reactions { padding: 0 16px 12px; display: flex; gap: 6px; }
.reactions span { border: 1px solid var(--line); border-radius: 999px; padding: 0 9px; font-size: 13px; background: var(--soft); }
.notice { padding: 11px 16px; border-left: 4px solid var(--grey); background: var(--soft); }
.notice.good { border-color: var(--green); background: var(--green-soft); } .notice.bad { border-color: var(--red); background: var(--red-soft); } .notice.wait { border-color: var(--amber); background: var(--amber-soft); }
.dot { display: inline-block; width: 11px; height: 11px; border-radius: 50%; background: var(--grey); flex: none; }
.dot.success, .dot.open { background: var(--green); } .dot.failure, .dot.closed, .dot.timed_out { background: var(--red); } .dot.in_progress { background: var(--link); } .dot.queued { background: var(--amber); } .dot.merged { background: var(--violet); }
.scroll { overflow-x: auto; }
table.code { border-collapse: collapse; width: 100%; font: 12.5px/20px ui-monospace, SFMono-Regular, Menlo, "DejaVu Sans Mono", Consolas, monospace; tab-size: 4; }
table.code td { padding: 0 10px; white-space: pre; vertical-align: top; }
table.code td.n { width: 1%; min-width: 44px; text-align: right; color: var(--dim); user-select: none; padding: 0 8px; }
table.code tr.add td { background: var(--green-soft); } table.code tr.add td.n { background: var(--green-mark); color: var(--text); }
table.code tr.del td { background: var(--red-soft); } table.code tr.del td.n { background: var(--red-mark); color: var(--text); }
table.code tr.hunk td { background: var(--soft); color: var(--dim); padding-top: 3px; padding-bottom: 3px; }
table.code tr.say td { padding: 8px 14px; white-space: normal; background: var(--bg); font: 15px/1.55 -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", Helvetica, Arial, sans-serif; }
table.code tr.say .box { margin: 4px 0; max-width: 780px; }
pre.log { margin: 0; padding: 14px 16px; overflow-x: auto; font-size: 12.5px; line-height: 1.6; background: #0d1117; color: #dbe2ea; }
.empty { padding: 26px 16px; text-align: center; color: var(--dim); }
.thread { border: 1px solid var(--line); border-radius: 8px; margin: 4px 0 12px; background: var(--bg); overflow: hidden; }
.thread > summary, .thread > .head { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; padding: 8px 14px; background: var(--soft); color: var(--dim); font-size: 13px; cursor: pointer; }
.thread > .head { cursor: default; border-bottom: 1px solid var(--line); }
.thread[open] > summary { border-bottom: 1px solid var(--line); }
.thread .said + .said { border-top: 1px solid var(--line); }
.thread .said > header { padding: 9px 14px 0; font-size: 13.5px; color: var(--dim); }
.thread .said > .text { padding: 4px 14px 12px; }
.label.done { background: var(--green-soft); border-color: var(--green-mark); }
.label.past { background: var(--amber-soft); }
pre.hunk { margin: 0; padding: 8px 14px; overflow-x: auto; background: var(--soft); border-bottom: 1px solid var(--line); color: var(--dim); }
@media (max-width: 640px) { .talk { grid-template-columns: 1fr; } .talk > img { display: none; } .line { margin-left: 0; } .top .note { display: none; } h1 { font-size: 22px; } }
`;
