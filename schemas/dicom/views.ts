import { readSchemaCsv } from './csv.js';

/** Views of a mammogram by their abbreviation (ACR); they are those of `dicom/views.csv`. */
export const VIEWS = ['CC', 'MLO', 'ML', 'LM', 'LMO', 'XCCL', 'XCCM', 'FB', 'SIO', 'ISO'] as const;
export type View = (typeof VIEWS)[number];

/** A coded view or modifier of DICOM PS3.16 CID 4014 and CID 4015. */
export interface ViewCode {
  readonly kind: 'view' | 'modifier';
  /** Abbreviation (ACR); null where none is in use, as of a specimen. */
  readonly abbreviation: string | null;
  readonly meaning: string;
}

type CsvColumn = 'kind' | 'sct' | 'srt' | 'abbreviation' | 'meaning';

function readViews(): { byCode: ReadonlyMap<string, ViewCode>; modifiers: readonly ViewCode[] } {
  const byCode = new Map<string, ViewCode>();
  const modifiers: ViewCode[] = [];
  for (const { kind, sct, srt, abbreviation, meaning } of readSchemaCsv<CsvColumn>('dicom/views.csv')) {
    const code: ViewCode = {
      kind: kind === 'view' ? 'view' : 'modifier',
      abbreviation: abbreviation === '' ? null : abbreviation,
      meaning,
    };
    byCode.set(sct, code).set(srt, code);
    if (code.kind === 'modifier') modifiers.push(code);
  }
  return { byCode, modifiers };
}

const views = readViews();

/** By code value, of SNOMED CT and of the older SNOMED RT. */
export const VIEW_CODES = views.byCode;

/** The modifiers, in the order of `dicom/views.csv`. */
export const VIEW_MODIFIERS = views.modifiers;
