import type { TypedRecord } from '../../schemas/row.js';
import type { marks } from '../../schemas/tables/marks.js';
import type { Side } from '../nbss/blocks.js';
import type { NamedLesion, TypedEpisode } from '../nbss/typed-episode.js';
import type { LinkedLesions } from '../omi-db/linked-lesions.js';
import type { ImagedbImage, ImagedbMark } from '../omi-db/imagedb.js';
import type { BreastLabel } from '../semantics/breast-label.js';
import type { BreastLabels } from '../semantics/breast.js';
import type { Box, ImageGeometry } from '../semantics/box.js';
import type { ClientSummary } from '../semantics/client.js';
import type { EpisodeStatus } from '../semantics/episode.js';
import type { ExamViews } from '../semantics/exam/exam-views.js';
import type { ImagePair } from '../semantics/header/pairing.js';
import type { LesionMeaning } from '../semantics/lesion.js';
import type { tissueFindings } from '../semantics/mark/mark-lesions.js';
import type { Outcome } from '../semantics/outcome.js';
import type { StudyEvents } from '../semantics/study-events.js';
import type { BreastOutcome } from '../semantics/time/breast-outcome.js';
import type { LabelConflict } from '../semantics/time/label-conflict.js';
import type { EpisodeHistory } from '../semantics/time/model.js';
import type { NextEpisode } from '../semantics/time/next-episode.js';
import type { StrictBreastLabel } from '../semantics/time/strict-label.js';
import type { ClientRecord } from '../stages/extract.js';
import type { JoinedClient, JoinedImage, JoinedStudy } from '../stages/join.js';
import type { ImageLook } from './image-look.js';
import type { SelectedTags } from './selected-tags.js';
import type { StudyHistory, WomanHistory } from './study-history.js';
import type { WorstMismatches } from './worst-mismatch.js';

/**
 * One client, read and interpreted: what rows are made from, and what is held against each other in reconcile. Nothing
 * in it changes once it is made.
 */
export interface ClientModel {
  readonly clientId: string;
  /** What was read, and what the folders held. */
  readonly record: ClientRecord;
  /** The tags that the headers were read by. */
  readonly tags: SelectedTags;
  readonly imagedb: JoinedClient['imagedb'];
  /** What the nbss file says of the woman; null when there is none that can be read. */
  readonly nbss: ClientInNbss | null;
  /** Site as imagedb has it; null where it is missing or no text. */
  readonly site: string | null;
  /** JSON text of what no column holds, by the file that it is from. */
  readonly extra: string | null;
  /** In the order of the nbss file; none without one. */
  readonly episodes: readonly EpisodeModel[];
  /** In the order of their UIDs. */
  readonly studies: readonly StudyModel[];
  /** What her episodes say of each breast over time. */
  readonly history: WomanHistory;
  /** Known once her views were held against each other; none before. */
  readonly worstMismatches: WorstMismatches;
}

export interface ClientInNbss {
  /** ClientID as it stands in the file. */
  readonly fileClientId: unknown;
  /** A code of list omidb:client_status, or another text as it came. */
  readonly classification: string | null;
  readonly summary: ClientSummary;
}

export interface EpisodeModel extends TypedEpisode {
  /** What the rules go by. */
  readonly facts: EpisodeHistory;
  readonly meaning: EpisodeMeaning;
  /** What it says of each breast. */
  readonly breasts: Readonly<Record<Side, BreastInEpisode>>;
  readonly lesions: readonly LesionModel[];
  /** The sides on which the episode has lesions, by lesion number. */
  readonly lesionSides: LesionSides;
  /** StudyList; null where the episode has none. */
  readonly studyList: ReadonlySet<string> | null;
}

export type LesionSides = ReadonlyMap<number, readonly Side[]>;

/** What an episode means, by itself and beside the others of the woman. */
export interface EpisodeMeaning {
  /** Days since 1970-01-01. */
  readonly sortDate: number | null;
  readonly status: EpisodeStatus | null;
  readonly outcome: Outcome;
  readonly next: NextEpisode | null;
  readonly isPostOp: boolean | null;
  readonly hasValidEvents: boolean;
  readonly hasMalignantOpinions: boolean;
  readonly hasBenignOpinions: boolean;
  readonly isIntervalCancer: boolean;
}

export interface LesionModel extends NamedLesion {
  readonly meaning: LesionMeaning;
  /** Invasive and in situ; null where there was no tissue to tell. */
  readonly tissue: ReturnType<typeof tissueFindings>;
}

export interface StudyModel extends Omit<JoinedStudy, 'images'> {
  /** The episode that the study is linked to. */
  readonly episode: EpisodeModel | null;
  /** What it shows of that episode; null without one. */
  readonly events: StudyEvents | null;
  /** Whether the reference would keep it. */
  readonly inReference: boolean;
  readonly extra: string | null;
  /** Series that imagedb lists and those that only headers name, by UID. */
  readonly series: readonly SeriesModel[];
  readonly images: readonly ImageModel[];
  readonly history: StudyHistory;
  /** The image that stands for each view; null without images. */
  readonly views: ExamViews | null;
  /** The image for presentation and for processing of one exposure, by SOPInstanceUID. */
  readonly pairs: ReadonlyMap<string, ImagePair>;
}

export interface SeriesModel {
  readonly uid: string;
  readonly isListed: boolean;
  readonly imageCount: number;
  readonly extra: string | null;
}

export interface ImageModel extends JoinedImage {
  /** The one breast that it shows; null for both or unknown, and where its headers disagree. */
  readonly breast: Side | null;
  /** What its headers say of the picture, the breast too. */
  readonly look: ImageLook;
  /** Its DICOM file can be opened and is the image meant. */
  readonly dicomOk: boolean;
  /** What the study's episode says of that breast; null where either is unknown. */
  readonly breastInEpisode: BreastInEpisode | null;
  readonly geometry: ImageGeometry;
  /** In the order of the source; where imagedb lists the image twice, of both places. */
  readonly marks: readonly MarkModel[];
  readonly extra: string | null;
}

/** Images of one breast share it. */
export interface BreastInEpisode {
  readonly labels: BreastLabels;
  readonly label: BreastLabel | null;
  readonly strict: StrictBreastLabel;
  readonly outcome: BreastOutcome | null;
  /** Where label and pathology disagree. */
  readonly conflict: LabelConflict | null;
}

export interface MarkModel {
  /** Unique on the image: two series may give the same id to marks of one image. */
  readonly markId: string;
  readonly source: ImagedbMark;
  readonly place: ImagedbImage;
  readonly record: TypedRecord<typeof marks>;
  /** Null where a coordinate is missing or no number. */
  readonly box: Box | null;
  readonly linked: LinkedLesions;
  /** See agreesWithLesionSide. */
  readonly agreesWithLesionSide: boolean | null;
  /** The first mark on the image that draws the same box; null: this is the first, or it has no usable coordinates. */
  readonly duplicateOf: string | null;
  /** See isMalignantMark. */
  readonly isMalignant: boolean | null;
  /** Linked lesions that the episode has in the other breast only. */
  readonly lesionsOfOtherBreast: readonly number[];
}
