import { field, type NbssColumn } from './column.js';

/** What mammography and ultrasound showed of a lesion. */
export function imagingColumns(tables: readonly string[]): NbssColumn[] {
  const f = (name: string, description: string, options: Parameters<typeof field>[3] = {}) =>
    field(tables, name, description, options);
  return [
    f('Mammo', 'Whether mammography was used to look at the lesion.'),
    f('MammoOpinion', 'Opinion on the lesion from mammography alone (R1 normal to R5 malignant).'),
    f('MammoMass', 'Mass seen by mammography, by its margin; N: none.'),
    f('MammoCalcification', 'Calcification seen by mammography, by its look; N: none.'),
    f('MammoAttributes', 'Other signs seen by mammography, e.g. asymmetry, skin thickening.'),
    f('MammoFocus', 'Whether mammography showed one focus or several.'),
    f('MammoPossibleLymphNode', 'Whether the finding in mammography may be a lymph node.'),
    f('MammoSizeMm', 'Largest extent of the lesion in mammography.'),
    f('MammoSizeMm90', 'Extent of the lesion in mammography at right angles to the largest.'),
    f('MammoSizeProduct', 'Product of the two extents of the lesion in mammography.'),
    f('Uss', 'Whether ultrasound was used to look at the lesion.'),
    f('UssOpinion', 'Opinion on the lesion from ultrasound alone (U1 normal to U5 malignant).'),
    f('UssMass', 'Mass seen by ultrasound, by its look; N: none.'),
    f('UssAttributes', 'Other signs seen by ultrasound, e.g. calcification.'),
    f('UssFocus', 'Whether ultrasound showed one focus or several.'),
    f('UssCyst', 'Whether ultrasound showed a cyst.'),
    f('UssPossibleLymphNode', 'Whether the finding in ultrasound may be a lymph node.'),
    f('UssSizeMm', 'Largest extent of the lesion in ultrasound.'),
  ];
}
