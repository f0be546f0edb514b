import type { Cell } from '../../schemas/column.js';
import type { SelectedTag, TagSelection } from '../../pipeline/dicom/tag-selection.js';
import type { DicomJson } from './dcmtk.js';

/** A value in dump2dcm's notation for each VR; lists get several. */
const SAMPLE_VALUES: Record<string, readonly string[]> = {
  AS: ['[055Y]'],
  CS: ['[FIRST]', '[FIRST\\SECOND]'],
  DA: ['[20120229]'],
  DS: ['[-1.25E+2 ]', '[0.094\\ 0.07 ]'],
  IS: ['[ 42]', '[-7\\+180]'],
  LO: ['[Some words ]', '[Some words\\ and others]'],
  LT: ['[ two leading\\and a backslash ]'],
  SH: ['[SHORT]'],
  SS: ['-1'],
  TM: ['[101530.25]'],
  UI: ['[1.2.826.0.1.3680043.10.1]'],
  US: ['8'],
  'US/SS': ['65535'],
};

/** Elements that dcmcjpeg and PixelData need to make sense. */
const FIXED: Record<string, string> = {
  SOPClassUID: '[1.2.840.10008.5.1.4.1.1.1.2]',
  SOPInstanceUID: '[1.2.826.0.1.3680043.10.1.3]',
  StudyInstanceUID: '[1.2.826.0.1.3680043.10.1.1]',
  SeriesInstanceUID: '[1.2.826.0.1.3680043.10.1.2]',
  PixelRepresentation: '0',
  SamplesPerPixel: '1',
  BitsAllocated: '8',
  BitsStored: '8',
  HighBit: '7',
  NumberOfFrames: '[1]',
  PhotometricInterpretation: '[MONOCHROME2]',
  PixelPaddingValue: '200',
};

const tagText = (key: string) => `(${key.slice(0, 4)},${key.slice(4)})`;

/** Items of a sequence in dump2dcm's notation. */
export function sequence(tag: string, ...items: readonly (readonly string[])[]): string[] {
  const body = items.flatMap((item) => ['(fffe,e000) -', ...item, '(fffe,e00d) -']);
  return [`${tag} SQ`, ...body, '(fffe,e0dd) -'];
}

/** A mammogram of 8 by 8 pixels whose header has a value for each top-level element of a selection. */
export function sampleDump(selection: TagSelection): string[] {
  const lines = selection.tags
    .filter((tag) => tag.path.length === 1 && !tag.path[0]!.key.startsWith('0002'))
    .map((tag) => {
      const samples = SAMPLE_VALUES[tag.vr]!;
      const value = tag.column.type.startsWith('list<') ? samples.at(-1)! : samples[0]!;
      return `${tagText(tag.path[0]!.key)} ${tag.vr === 'US/SS' ? 'US' : tag.vr} ${FIXED[tag.keyword] ?? value}`;
    });
  const modifiers = sequence(
    '(0054,0222)',
    ['(0008,0100) SH [R-102D6]', '(0008,0104) LO [Magnification]'],
    ['(0008,0104) LO [Spot Compression]'],
  );
  const views = sequence('(0054,0220)', [
    '(0008,0100) SH [R-10226]',
    '(0008,0104) LO [medio-lateral oblique]',
    ...modifiers,
  ]);
  const side = sequence('(0008,2220)', ['(0008,0100) SH [G-A101]', '(0008,0104) LO [Left]']);
  const region = sequence('(0008,2218)', ['(0008,0104) LO [Breast]', ...side]);
  const source = sequence('(0008,2112)', ['(0008,1155) UI [1.2.826.0.1.3680043.10.1.4]']);
  const anatomy = sequence('(0020,9071)', ['(0020,9072) CS [L]']);
  const groups = [...sequence('(5200,9229)', anatomy), ...sequence('(5200,9230)', anatomy, anatomy)];
  // Private sequences and pixels within a sequence are walked over.
  const inner = sequence('(0009,1002)', ['(0009,0010) LO [ACME]', '(0009,1003) LO [inner]']);
  const block = sequence('(0009,1001)', ['(0009,0010) LO [ACME]', ...inner], []);
  const icon = sequence('(0088,0200)', ['(0028,0010) US 1', '(0028,0011) US 2', '(7fe0,0010) OW 0102']);
  const pixels = Array.from({ length: 64 }, (_, index) => index.toString(16).padStart(2, '0')).join('\\');
  return [
    '(0008,0005) CS [ISO_IR 100]',
    '(0010,0010) PN [Synthetic^Person]',
    ...lines,
    ...views,
    ...region,
    ...source,
    ...groups,
    '(0009,0010) LO [ACME]',
    ...block,
    ...icon,
    `(7fe0,0010) OB ${pixels}`,
  ];
}

/** What a cell must hold for a header as dcm2json gives it: read here without the code under test. */
export function expectedCell(json: DicomJson, tag: SelectedTag): Cell {
  const values = valuesIn(json, tag, 0).map((value) => toExpected(value, tag.column.type));
  if (values.length === 0) return null;
  return tag.column.type.startsWith('list<') ? (values as Cell) : (values[0] as Cell);
}

function valuesIn(dataset: DicomJson, tag: SelectedTag, depth: number): unknown[] {
  const step = tag.path[depth]!;
  const values = dataset[step.key]?.Value ?? [];
  if (step.item === null) return values;
  const items = (step.item === 'all' ? values : [values[Number(step.item)] ?? {}]) as DicomJson[];
  return items.flatMap((item) => {
    const found = valuesIn(item, tag, depth + 1);
    // Lists of texts stay parallel: an item without the element has an empty text.
    return found.length === 0 && step.item === 'all' ? [null] : found;
  });
}

function toExpected(value: unknown, type: string): unknown {
  if (value === null) return '';
  if (!type.includes('date') || typeof value !== 'string') return value;
  const iso = `${value.slice(0, 4)}-${value.slice(4, 6)}-${value.slice(6)}`;
  return Date.parse(`${iso}T00:00:00Z`) / 86_400_000;
}
