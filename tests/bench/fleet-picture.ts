import type { FleetResult, FleetSample } from './fleet-scene.ts';

const width = 860;
const height = 360;
const margin = { left: 64, right: 64, top: 56, bottom: 44 };
const plot = { width: width - margin.left - margin.right, height: height - margin.top - margin.bottom };
const colours = { done: '#1a7f37', atWork: '#0969da', killed: '#cf222e', ink: '#59636e', line: '#d1d9e0' };

/** How the fleet drained its issues: done, at work and killed, over simulated time. Plain SVG, light and dark. */
export function fleetPicture(result: FleetResult, { agents, issues }: { agents: number; issues: number }): string {
  const { samples, simulatedMinutes } = result;
  const right = Math.max(agents, result.kills);
  const x = (minute: number): number => margin.left + (minute / Math.max(1, simulatedMinutes)) * plot.width;
  const y = (value: number, top: number): number => margin.top + plot.height - (value / top) * plot.height;
  const path = (value: (sample: FleetSample) => number, top: number): string =>
    thinned(samples)
      .map((sample, at) => `${at === 0 ? 'M' : 'L'}${x(sample.minute).toFixed(1)} ${y(value(sample), top).toFixed(1)}`)
      .join(' ');
  const title = `${agents} agents, ${issues.toLocaleString('en')} issues with dependencies`;
  const facts = `${result.runs.toLocaleString('en')} runs, ${result.kills} of them killed, ${result.zombies} came back too late; each issue done once`;
  const ticks = [0, 0.25, 0.5, 0.75, 1];
  const grid = ticks.map((share) => {
    const at = (margin.top + plot.height * (1 - share)).toFixed(1);
    const left = Math.round(issues * share).toLocaleString('en');
    return `<line x1="${margin.left}" x2="${width - margin.right}" y1="${at}" y2="${at}" class="grid"/>
<text x="${margin.left - 8}" y="${at}" dy="4" text-anchor="end" class="done">${left}</text>
<text x="${width - margin.right + 8}" y="${at}" dy="4" class="work">${Math.round(right * share)}</text>`;
  });
  const hours = ticks.map((share) => {
    const minute = simulatedMinutes * share;
    return `<text x="${x(minute).toFixed(1)}" y="${height - 16}" text-anchor="middle">${(minute / 60).toFixed(1)} h</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}: ${facts}">
<style>
text { font: 12px system-ui, sans-serif; fill: ${colours.ink} }
.title { font-size: 15px; font-weight: 600 }
.grid { stroke: ${colours.line}; stroke-width: 1 }
path { fill: none; stroke-width: 2 }
.done { fill: ${colours.done} } .work { fill: ${colours.atWork} } .dead { fill: ${colours.killed} }
@media (prefers-color-scheme: dark) { .title { fill: #f0f6fc } .grid { stroke: #3d444d } text { fill: #9198a1 } .done { fill: #3fb950 } .work { fill: #4493f8 } .dead { fill: #f85149 } }
</style>
<text x="${margin.left}" y="22" class="title">${title}</text>
<text x="${margin.left}" y="42">${facts}</text>
${[...grid, ...hours].join('\n')}
<path d="${path(({ done }) => done, issues)}" stroke="${colours.done}"/>
<path d="${path(({ atWork }) => atWork, right)}" stroke="${colours.atWork}" stroke-width="1.2"/>
<path d="${path(({ killed }) => killed, right)}" stroke="${colours.killed}" stroke-dasharray="5 4"/>
<text x="${width - margin.right - 270}" y="22" class="done">issues done</text>
<text x="${width - margin.right - 184}" y="22" class="work">agents at work</text>
<text x="${width - margin.right}" y="22" text-anchor="end" class="dead">killed so far</text>
</svg>
`;
}

/** At most about 400 points: more than the picture has room for says nothing. */
function thinned(samples: readonly FleetSample[]): readonly FleetSample[] {
  const every = Math.max(1, Math.ceil(samples.length / 400));
  return samples.filter((_, at) => at % every === 0 || at === samples.length - 1);
}
