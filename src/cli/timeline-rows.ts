import type { LifeEvent, Phase } from '../domain/life-event.ts';
import { removedFrom } from '../domain/sanitise/readable-issue.ts';
import { describeRemovals } from '../domain/sanitise/removals.ts';
import type { TrajectoryEvent } from '../domain/trajectory.ts';

export type Mark = 'busy' | 'good' | 'bad' | 'none';

/** One line of the timeline, before it is laid out for a width. Texts are untrusted until then. */
export type Row =
  | {
      readonly kind: 'phase';
      readonly phase: Phase;
      readonly mark: Mark;
      readonly subject: string;
      readonly detail: string;
      readonly durationMs: number | undefined;
    }
  | {
      readonly kind: 'step';
      /** Empty for what is not a turn of the model. */
      readonly number: string;
      readonly label: string;
      readonly mark: Mark;
      readonly subject: string;
      readonly detail: string;
    };

/** What an event changes on the screen. */
export type Change =
  /** Begins a block of rows: its head, which is repeated with its result when the phase ends. */
  | { readonly kind: 'open'; readonly head: Row }
  /** Ends the block and everything in progress. */
  | { readonly kind: 'close'; readonly head: Row }
  /** Something is going on until it is replaced; kept by key. */
  | { readonly kind: 'working'; readonly key: string; readonly row: Row }
  | { readonly kind: 'done'; readonly key: string | undefined; readonly row: Row }
  | { readonly kind: 'log'; readonly job: string; readonly line: string }
  | { readonly kind: 'nothing' };

const nothing: Change = { kind: 'nothing' };

export function changeOf(event: LifeEvent): Change {
  switch (event.type) {
    case 'phase.started':
      return {
        kind: 'open',
        head: {
          kind: 'phase',
          phase: event.phase,
          mark: 'busy',
          subject: event.subject,
          detail: '',
          durationMs: undefined,
        },
      };
    case 'phase.finished': {
      const { phase, ok, subject, detail, durationMs } = event;
      return { kind: 'close', head: { kind: 'phase', phase, mark: ok ? 'good' : 'bad', subject, detail, durationMs } };
    }
    case 'step':
      return changeOfStep(event.event);
    case 'log':
      return { kind: 'log', job: event.job, line: event.line };
    default:
      return event satisfies never;
  }
}

function step(turn: number | undefined, label: string, mark: Mark, subject: string, detail = ''): Row {
  return { kind: 'step', number: turn === undefined ? '' : String(turn), label, mark, subject, detail };
}

function changeOfStep(event: TrajectoryEvent): Change {
  switch (event.type) {
    case 'model.requested':
      return { kind: 'working', key: 'model', row: step(event.turn, 'think', 'busy', '') };
    case 'model.replied':
      return { kind: 'done', key: 'model', row: step(undefined, '', 'none', '') };
    case 'model.failed':
      return done('model', step(event.turn, 'model', 'bad', event.message, event.retryable ? 'trying again' : ''));
    case 'tool.started':
      return { kind: 'working', key: event.callId, row: step(event.turn, toolName(event.tool), 'busy', event.subject) };
    case 'tool.finished': {
      // What these did is an event of its own, which says more.
      const toldApart = event.ok && ['submit', 'checkpoint', 'ask'].includes(event.tool);
      if (toldApart) return done(event.callId, step(undefined, '', 'none', ''));
      const { mark, text } = markIn(event.summary, event.ok);
      return done(event.callId, step(event.turn, toolName(event.tool), mark, event.subject, text));
    }
    case 'tests.finished': {
      const { run, phase, room } = event;
      const where = room === 'own' ? `${phase}, where the agent worked` : phase;
      const passed = run.exitCode === 0;
      const told = run.timedOut ? 'took too long' : passed ? 'passed' : `exit ${run.exitCode ?? 'by a signal'}`;
      return done(undefined, step(undefined, 'test', passed ? 'good' : 'bad', `${where}: ${run.command}`, told));
    }
    case 'text.sanitised': {
      const removed = describeRemovals(removedFrom(event.places));
      return done(undefined, step(undefined, 'hidden', 'none', `left out of what the model reads: ${removed}`));
    }
    case 'conversation.compacted': {
      const told = `${event.tokensBefore} to ${event.tokensAfter} tokens`;
      return done(undefined, step(event.turn, 'compact', 'none', `${event.droppedMessages} messages`, told));
    }
    case 'progress.noted':
      return done(undefined, step(event.turn, 'note', 'none', event.done, `${Math.round(event.progress * 100)} %`));
    case 'run.submitted':
      return done(undefined, step(event.turn, 'submit', 'none', `"${event.submission.title}"`));
    case 'run.reported':
      return done(undefined, step(event.turn, 'report', 'none', event.report.summary));
    case 'run.asked':
      return done(undefined, step(event.turn, 'ask', 'none', event.questions.join(' · ')));
    case 'sandbox.ready': {
      // Its phase tells which one it is; here, why it is none that is stronger.
      const passedOver = event.passedOver ?? [];
      const why = passedOver.map(({ rung, reason }) => `${rung} cannot be had: ${reason}`).join(' · ');
      return passedOver.length === 0 ? nothing : done(undefined, step(undefined, 'sandbox', 'none', why));
    }
    case 'run.started':
    case 'run.finished':
      // Their phase tells it.
      return nothing;
    default:
      return event satisfies never;
  }
}

function done(key: string | undefined, row: Row): Change {
  return { kind: 'done', key, row };
}

/** A summary may begin with a mark of its own; the timeline draws that one, in its colour. */
function markIn(summary: string, ok: boolean): { readonly mark: Mark; readonly text: string } {
  const own = /^[✔✗]/.exec(summary)?.[0];
  const text = own === undefined ? summary : summary.slice(own.length).trimStart();
  if (!ok || own === '✗') return { mark: 'bad', text };
  return { mark: own === undefined ? 'none' : 'good', text };
}

function toolName(tool: string): string {
  // The model may call a tool by any name, or by none.
  return tool === '' ? '?' : tool.replace(/_file$/, '').replace('find_files', 'find');
}
