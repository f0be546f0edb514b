import { matchName, NBSS_FIELDS } from '../../schemas/nbss/fields.js';
import { malignancyColumns, receptorColumns, reportColumns } from '../../schemas/nbss/pathology.js';
import { isNoValue } from '../omi-db/raw-values.js';

const PATHOLOGY_TABLES = ['SurgeryProcedure', 'WbnProcedure'];

/** Folded names of the fields of NBSS DS0026 that hold a date, an opinion or what the laboratory found. */
const FINDINGS: ReadonlySet<string> = new Set(
  [
    ...Object.values(NBSS_FIELDS)
      .flat()
      .filter(({ kind, name }) => kind === 'date' || /opinion/i.test(name))
      .map(({ name }) => name),
    ...[
      ...malignancyColumns(PATHOLOGY_TABLES),
      ...receptorColumns(PATHOLOGY_TABLES),
      ...reportColumns(PATHOLOGY_TABLES),
    ].map(({ field }) => field),
    'MalignancyType',
  ].map(matchName),
);

/** Whether a JSON value is a list or an object that holds, at whatever depth, a date, an opinion or pathology. */
export function holdsFindings(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(holdsFindings);
  return Object.entries(value).some(
    ([key, item]) => holdsFindings(item) || (isScalar(item) && FINDINGS.has(matchName(key))),
  );
}

const isScalar = (value: unknown): boolean => typeof value !== 'object' && !isNoValue(value);
