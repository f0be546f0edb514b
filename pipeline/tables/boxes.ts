import type { RowOf } from '../../schemas/row.js';
import type { boxes, pairedBoxes } from '../../schemas/tables/boxes.js';
import { MARK_FINDINGS } from '../../schemas/tables/marks.js';
import type {
  ClientModel,
  EpisodeModel,
  ImageModel,
  LesionModel,
  MarkModel,
  StudyModel,
} from '../model/client-model.js';
import { fieldOfViewOf } from '../model/exam.js';
import type { Side } from '../nbss/blocks.js';
import { GRADES_WORST_FIRST } from '../semantics/breast.js';
import { boxMapping, type Edges } from '../semantics/header/box-mapping.js';
import { isMalignantMark } from '../semantics/mark/mark-lesions.js';
import { markRow } from './marks.js';
import type { SharedRows } from './shared-rows.js';

type BoxRow = RowOf<typeof boxes>;
type PairedBoxRow = RowOf<typeof pairedBoxes>;

/** A box on an image, and all marks that draw it, the first that does first. */
interface DrawnBox {
  readonly mark: MarkModel;
  readonly all: readonly MarkModel[];
}

const NO_BOXES: readonly DrawnBox[] = [];

/** The distinct boxes of an image. A mark without usable coordinates is none. */
function boxesOf({ marks }: ImageModel): readonly DrawnBox[] {
  if (marks.length === 0) return NO_BOXES;
  return marks
    .filter(({ box, duplicateOf }) => box !== null && duplicateOf === null)
    .map((mark) => ({
      mark,
      all: [mark, ...marks.filter(({ duplicateOf }) => duplicateOf === mark.markId)],
    }));
}

/** The rows of a client in `boxes`: of each image in the order of the source. */
export function boxRows(client: ClientModel, shared: SharedRows): BoxRow[] {
  const rows: BoxRow[] = [];
  const { studies } = client;
  for (let i = 0; i < studies.length; i++) {
    const study = studies[i]!;
    const { images, views } = shared.studies[i]!;
    for (let n = 0; n < images.length; n++) {
      const image = study.images[n]!;
      for (const box of boxesOf(image)) rows.push(boxRow(box, image, study, images[n]!, views[n]!, client));
    }
  }
  return rows;
}

function boxRow(
  { mark, all }: DrawnBox,
  image: ImageModel,
  study: StudyModel,
  images: BoxRow['images'],
  views: BoxRow['image_view'],
  { clientId, tags }: ClientModel,
): BoxRow {
  const { breast, geometry, uid } = image;
  const { episode } = study;
  const numbers = [...new Set(all.flatMap(({ linked }) => linked.numbers))];
  const lesions = lesionCells(episode, numbers, breast);
  const findings = findingCells(all);
  // Written out: a row that is put together from others takes several times as long.
  return {
    client_id: clientId,
    study_instance_uid: study.uid,
    sop_instance_uid: uid,
    mark_id: mark.markId,
    rows: geometry.rows,
    columns: geometry.columns,
    presentation_intent_type: tags.text(image.header?.values ?? null, tags.at.presentation_intent_type),
    study_role: study.history.role,
    duplicate_count: all.length - 1,
    lesion_numbers: numbers,
    is_malignant: episode === null ? null : isMalignantMark(episode.facts, numbers, breast),
    is_invasive: lesions.is_invasive,
    is_in_situ: lesions.is_in_situ,
    grade: lesions.grade,
    invasive_size: lesions.invasive_size,
    whole_size: lesions.whole_size,
    conspicuity: findings.conspicuity,
    mass: findings.mass,
    mass_classification: findings.mass_classification,
    benign_classification: findings.benign_classification,
    architectural_distortion: findings.architectural_distortion,
    dystrophic: findings.dystrophic,
    fat_necrosis: findings.fat_necrosis,
    focal_asymmetry: findings.focal_asymmetry,
    milk_of_calcium: findings.milk_of_calcium,
    other_benign_cluster: findings.other_benign_cluster,
    plasma_cell_mastitis: findings.plasma_cell_mastitis,
    skin: findings.skin,
    suspicious_calcifications: findings.suspicious_calcifications,
    suture_calcification: findings.suture_calcification,
    vascular: findings.vascular,
    with_calcification: findings.with_calcification,
    is_usable: isUsable(all, image),
    images,
    image_view: views,
    marks: markRow(clientId, study.uid, mark),
  };
}

function isUsable(all: readonly MarkModel[], { dicomOk, look }: ImageModel): boolean {
  const { verdicts } = all[0]!.box!;
  const isOfBreast = look.kind.kind !== 'phantom' && look.kind.kind !== 'specimen';
  const isOfThisBreast = all.every(({ lesionsOfOtherBreast }) => lesionsOfOtherBreast.length === 0);
  return !verdicts.empty && verdicts.inBounds === true && dicomOk && isOfBreast && isOfThisBreast;
}

type FindingCells = Pick<BoxRow, (typeof MARK_FINDINGS)[number]>;

/** What the marks of a box agree on. */
function findingCells(all: readonly MarkModel[]): FindingCells {
  const { fields } = all[0]!.record;
  if (all.length === 1) return fields;
  const cells = MARK_FINDINGS.map((name) => {
    const value = fields[name];
    return [name, all.every(({ record }) => record.fields[name] === value) ? value : null] as const;
  });
  return Object.fromEntries(cells) as FindingCells;
}

type LesionCells = Pick<BoxRow, 'is_invasive' | 'is_in_situ' | 'grade' | 'invasive_size' | 'whole_size'>;

/** Histology of the lesions of these numbers in the breast that the image shows. */
function lesionCells(
  episode: EpisodeModel | null,
  numbers: readonly number[],
  breast: Side | null,
): LesionCells {
  const lesions = (episode?.lesions ?? []).filter(
    ({ side, lesionNumber }) => side === breast && numbers.includes(lesionNumber),
  );
  const grades = lesions.map(({ meaning }) => meaning.grade);
  return {
    is_invasive: anyKnown(lesions.map(({ tissue }) => tissue.isInvasive)),
    is_in_situ: anyKnown(lesions.map(({ tissue }) => tissue.isInSitu)),
    grade: GRADES_WORST_FIRST.find((grade) => grades.includes(grade)) ?? null,
    invasive_size: largest(lesions.map((lesion) => sizeOf(lesion, episode!, 'max_diameter_invasive_compo'))),
    whole_size: largest(lesions.map((lesion) => sizeOf(lesion, episode!, 'whole_size_of_tumour'))),
  };
}

/** True if any is, false if all that are known are not; null where none is known. */
function anyKnown(values: readonly (boolean | null)[]): boolean | null {
  if (values.includes(true)) return true;
  return values.includes(false) ? false : null;
}

function largest(sizes: readonly (number | null)[]): number | null {
  return sizes.reduce((most, size) => (most === null || (size !== null && size > most) ? size : most), null);
}

/** In surgery, else in the wide biopsy. */
function sizeOf(
  { side, lesionNumber }: LesionModel,
  { procedures }: EpisodeModel,
  field: 'max_diameter_invasive_compo' | 'whole_size_of_tumour',
): number | null {
  const isSame = (item: { side: Side; lesionNumber: number }) =>
    item.side === side && item.lesionNumber === lesionNumber;
  const surgery = procedures.surgery.find(isSame)?.record.fields[field] ?? null;
  return surgery ?? procedures.biopsy_wide.find(isSame)?.record.fields[field] ?? null;
}

/** The rows of a client in `paired_boxes`: of the boxes that can be told on the pair of their image. */
export function pairedBoxRows(client: ClientModel): PairedBoxRow[] {
  const rows: PairedBoxRow[] = [];
  for (const { uid: studyUid, images, pairs } of client.studies)
    for (const image of images) {
      const boxes = boxesOf(image);
      const pair = boxes.length === 0 ? undefined : pairs.get(image.uid);
      if (pair === undefined) continue;
      const other = images.find(({ uid }) => uid === pair.sopInstanceUid)!;
      for (const row of mappedRows(boxes, image, other, studyUid, client)) rows.push(row);
    }
  return rows;
}

function mappedRows(
  boxes: readonly DrawnBox[],
  from: ImageModel,
  to: ImageModel,
  studyUid: string,
  { clientId, tags }: ClientModel,
): PairedBoxRow[] {
  const mapping = boxMapping(fieldOfViewOf(from, tags), fieldOfViewOf(to, tags));
  if (mapping === null) return [];
  return boxes.flatMap(({ mark }) => {
    const edges = outwards(mapping.map(mark.box!.pixels));
    if (!Object.values(edges).every((edge) => (edge | 0) === edge)) return [];
    return [
      {
        client_id: clientId,
        study_instance_uid: studyUid,
        sop_instance_uid: from.uid,
        mark_id: mark.markId,
        paired_sop_instance_uid: to.uid,
        box_x_min: edges.xMin,
        box_y_min: edges.yMin,
        box_x_max: edges.xMax,
        box_y_max: edges.yMax,
        box_in_bounds: isInside(edges, to),
        mapping: mapping.words,
      },
    ];
  });
}

/** The smallest box of whole pixels that holds it: an origin need not be a whole number. */
function outwards({ xMin, yMin, xMax, yMax }: Edges): Edges {
  return { xMin: Math.floor(xMin), yMin: Math.floor(yMin), xMax: Math.ceil(xMax), yMax: Math.ceil(yMax) };
}

/** Of an image whose box mapping is known, rows and columns are. */
function isInside({ xMin, yMin, xMax, yMax }: Edges, { geometry }: ImageModel): boolean {
  return xMin >= 0 && yMin >= 0 && xMax <= geometry.columns! && yMax <= geometry.rows!;
}
