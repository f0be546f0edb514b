/**
 * The colours of every chart, for light and for dark pages: the ones of Okabe and Ito, which people tell apart whatever
 * their colour vision, and for amounts one scale from pale to dark (Cividis), that is also read in grey.
 */

interface Scheme {
  /** Series, by place. */
  readonly series: readonly string[];
  /** Amounts, from few to many. */
  readonly ramp: readonly string[];
}

const LIGHT: Scheme = {
  series: ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#8a6d00', '#56b4e9', '#e69f00', '#595959', '#332288'],
  ramp: ['#f7e98f', '#ded070', '#bcae6c', '#95906f', '#6f7274', '#4f576c', '#2b446e', '#00224e'],
};

/** Many is bright where the page is dark. */
const DARK: Scheme = {
  series: ['#56b4e9', '#f0803c', '#2fc79b', '#dd9cc0', '#f0e442', '#9ad0f2', '#e69f00', '#b3b3b3', '#a59be0'],
  ramp: ['#2b446e', '#40527a', '#5b6373', '#787877', '#958f78', '#b5a971', '#d6c666', '#fee838'],
};

export const RAMP_STEPS = LIGHT.ramp.length;

/** Colour of a series. */
export function series(place: number): string {
  return `var(--s${place % LIGHT.series.length})`;
}

/** Colour of a step of the scale of amounts, from 0. */
export function ramp(step: number): string {
  return `var(--r${Math.min(RAMP_STEPS - 1, Math.max(0, step))})`;
}

/** The colours as custom properties of CSS. */
export function paletteCss(scheme: 'light' | 'dark'): string {
  const { series: colours, ramp: steps } = scheme === 'light' ? LIGHT : DARK;
  const properties = [
    ...colours.map((colour, i) => `--s${i}:${colour}`),
    ...steps.map((colour, i) => `--r${i}:${colour}`),
  ];
  return properties.join(';');
}

const STEPS_OF_TEN = [1, 2, 5];

/** Least amounts of the steps of a scale for some amounts, in the series 1, 2, 5, 10, …: at most RAMP_STEPS of them. */
export function amountSteps(amounts: readonly number[]): number[] {
  // Not by spreading: there may be more amounts than a call takes.
  const least = amounts.reduce((a, b) => Math.min(a, b), Infinity);
  const most = amounts.reduce((a, b) => Math.max(a, b), 1);
  const steps: number[] = [];
  for (let ten = 1; ten <= most; ten *= 10)
    for (const step of STEPS_OF_TEN) if (step * ten <= most) steps.push(step * ten);
  const used = steps.filter((_, i) => i === steps.length - 1 || steps[i + 1]! > least);
  const kept = used.slice(-RAMP_STEPS);
  return kept.length === used.length ? used : [used[0]!, ...kept.slice(1)];
}

/** The step of an amount, from 0. */
export function stepOf(amount: number, steps: readonly number[]): number {
  return steps.findLastIndex((least) => amount >= least);
}

/** The colour of a step, over the whole scale however few steps there are. */
export function stepColour(step: number, steps: readonly number[]): string {
  return ramp(
    steps.length === 1 ? RAMP_STEPS - 1 : Math.round((step * (RAMP_STEPS - 1)) / (steps.length - 1)),
  );
}
