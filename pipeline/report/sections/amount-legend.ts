import { amountSteps, RAMP_STEPS } from '../charts/palette.js';
import type { HeatCell } from '../charts/heat.js';
import type { Html } from '../page/html.js';
import { legend } from '../page/parts.js';
import { grouped } from '../page/shown.js';

/** What the colours of a heat chart stand for: the steps that it has. */
export function amountLegend(cells: readonly HeatCell[], unit: string): Html | null {
  if (cells.length === 0) return null;
  const steps = amountSteps(cells.map(({ amount }) => amount));
  return legend(
    steps.map((least, step) => {
      const next = steps[step + 1];
      const place = steps.length === 1 ? RAMP_STEPS - 1 : Math.round((step * (RAMP_STEPS - 1)) / (steps.length - 1)); // prettier-ignore
      const range = next === undefined || next === least + 1 ? grouped(least) : `${grouped(least)} to ${grouped(next - 1)}`; // prettier-ignore
      return { className: `r${place}`, name: next === undefined ? `${range} or more ${unit}` : range };
    }),
  );
}
