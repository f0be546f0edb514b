import type { Cell } from '../../schemas/column.js';
import { SUMMARY_TAGS } from '../../schemas/tables/image-summary.js';
import type { HeaderValues } from '../dicom/header-values.js';
import { firstValue } from '../semantics/image.js';
import type { TagSelection } from '../dicom/tag-selection.js';

/** Columns of tags that more is made of than themselves, by their usual names. */
const USED_TAGS = [
  'acquisition_date',
  'acquisition_time',
  'anatomic_region_modifier_code_values',
  'breast_implant_present',
  'content_date',
  'content_time',
  'detector_element_spacing',
  'detector_type',
  'distance_source_to_detector',
  'distance_source_to_patient',
  'estimated_radiographic_magnification_factor',
  'field_of_view_horizontal_flip',
  'field_of_view_origin',
  'field_of_view_rotation',
  'frame_lateralities',
  'frame_laterality',
  'image_laterality',
  'image_type',
  'imager_pixel_spacing',
  'laterality',
  'manufacturer',
  'manufacturer_model_name',
  'modality',
  'number_of_frames',
  'partial_view',
  'patient_age',
  'patient_orientation',
  'pixel_spacing',
  'presentation_intent_type',
  'quality_control_image',
  'sop_class_uid',
  'source_sop_instance_uids',
  'view_code_value',
  'view_modifier_code_meanings',
  'view_modifier_code_values',
  'view_position',
] as const;

/** The headers whose cells are looked up; null where an image has none that can be read. */
type Header = Pick<HeaderValues, 'cells'> | null;

/** Where cells of a header are, by the names of their columns; -1: the selection has no such column. */
type Places = Readonly<Record<(typeof USED_TAGS)[number], number>>;

/**
 * Finds the few cells of a header that more is made of than their own column. Their places are looked up once, by the usual
 * names of the columns: a user's own selection may lack one, or give the name another type. Made once for a selection.
 */
export class SelectedTags {
  readonly at: Places;
  readonly #summary: readonly number[];

  constructor(readonly selection: TagSelection) {
    const names = selection.tags.map(({ column }) => column.name);
    this.at = placesIn(names);
    this.#summary = SUMMARY_TAGS.map(([name]) => names.indexOf(name));
  }

  // Each takes the cell at a place, one of `at`.

  /** Null where it is something else than one text. */
  text(header: Header, place: number): string | null {
    const cell = cellAt(header, place);
    return typeof cell === 'string' ? cell : null;
  }

  number(header: Header, place: number): number | null {
    const cell = cellAt(header, place);
    return typeof cell === 'number' ? cell : null;
  }

  /** Null for an empty list too. */
  numbers(header: Header, place: number): readonly number[] | null {
    const cell = cellAt(header, place);
    return Array.isArray(cell) && typeof cell[0] === 'number' ? (cell as readonly number[]) : null;
  }

  /** Empty where there is none. */
  texts(header: Header, place: number): readonly string[] {
    const cell = cellAt(header, place);
    return Array.isArray(cell) && typeof cell[0] === 'string' ? (cell as readonly string[]) : NO_TEXTS;
  }

  /** The cells of SUMMARY_TAGS, in their order; a list gives its first value. */
  summary(header: Header): Cell[] {
    const cells: Cell[] = [];
    for (let i = 0; i < SUMMARY_TAGS.length; i++) {
      const cell = cellAt(header, this.#summary[i]!);
      cells.push(cell === null ? null : fitting(firstValue(cell), SUMMARY_TAGS[i]![1]));
    }
    return cells;
  }
}

const NO_TEXTS: readonly string[] = [];

/** @param names of the columns of a selection, in their order */
function placesIn(names: readonly string[]): Places {
  const places = USED_TAGS.map((name) => `"${name}":${names.indexOf(name)}`);
  // By way of a text, as in noValues: they are asked for each image, and V8 finds what was parsed at once.
  return JSON.parse(`{${places.join()}}`) as Places;
}

function cellAt(header: Header, place: number): Cell {
  return header === null || place < 0 ? null : (header.cells[place] ?? null);
}

/** The value where it is of a column's type, else null. */
function fitting(value: ReturnType<typeof firstValue>, type: (typeof SUMMARY_TAGS)[number][1]): Cell {
  if (type === 'string') return typeof value === 'string' ? value : null;
  if (typeof value !== 'number') return null;
  return type === 'double' || (value | 0) === value ? value : null;
}
