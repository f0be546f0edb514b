import { fieldsOf } from './column.js';

/** What mammography and ultrasound showed of a lesion. */
export function imagingColumns(tables: readonly string[]) {
  const f = fieldsOf(...tables);
  return [
    f('Mammo', 'yes_no', 'Whether mammography was used to look at the lesion.'),
    f('MammoOpinion', 'code', 'Opinion on the lesion from mammography alone (R1 normal to R5 malignant).'),
    f('MammoMass', 'code', 'Mass seen by mammography, by its margin; N: none.'),
    f('MammoCalcification', 'code', 'Calcification seen by mammography, by its look; N: none.'),
    f('MammoAttributes', 'code_list', 'Other signs seen by mammography, e.g. asymmetry, skin thickening.'),
    f('MammoFocus', 'code', 'Whether mammography showed one focus or several.'),
    f('MammoPossibleLymphNode', 'yes_no', 'Whether the finding in mammography may be a lymph node.'),
    f('MammoSizeMm', 'number', 'Largest extent of the lesion in mammography.'),
    f('MammoSizeMm90', 'number', 'Extent of the lesion in mammography at right angles to the largest.'),
    f('MammoSizeProduct', 'number', 'Product of the two extents of the lesion in mammography.'),
    f('Uss', 'yes_no', 'Whether ultrasound was used to look at the lesion.'),
    f('UssOpinion', 'code', 'Opinion on the lesion from ultrasound alone (U1 normal to U5 malignant).'),
    f('UssMass', 'code', 'Mass seen by ultrasound, by its look; N: none.'),
    f('UssAttributes', 'code_list', 'Other signs seen by ultrasound, e.g. calcification.'),
    f('UssFocus', 'code', 'Whether ultrasound showed one focus or several.'),
    f('UssCyst', 'yes_no', 'Whether ultrasound showed a cyst.'),
    f('UssPossibleLymphNode', 'yes_no', 'Whether the finding in ultrasound may be a lymph node.'),
    f('UssSizeMm', 'number', 'Largest extent of the lesion in ultrasound.'),
  ];
}
