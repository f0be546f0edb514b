import type { Pen } from './charts/pen.js';
import type { Figures } from './figures/index.js';
import type { ReportInput } from './input.js';
import type { Shown } from './page/shown.js';

/** What each section of the page is made of. */
export interface View {
  readonly figures: Figures;
  readonly shown: Shown;
  readonly pen: Pen;
  readonly input: ReportInput;
  /** Place of the colour of each manufacturer: the same in every chart. */
  readonly makerColours: ReadonlyMap<string, number>;
}
