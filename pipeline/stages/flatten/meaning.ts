import type { AnyRow } from '../../../schemas/column.js';
import { clientSummary } from '../../semantics/client.js';
import {
  episodeStatus,
  hasBenignOpinions,
  hasMalignantOpinions,
  isIntervalCancer,
  isPostOp,
  isValid,
  sortDate,
} from '../../semantics/episode.js';
import { lesionMeaning } from '../../semantics/lesion.js';
import type { EpisodeFacts } from '../../semantics/model.js';
import { episodeOutcome, type OutcomeMonths } from '../../semantics/outcome.js';
import { isConsidered, studyEvents, type StudyEvents } from '../../semantics/study-events.js';
import type { JoinedClient, JoinedStudy } from '../join.js';

/** Columns that say what records mean, for rows that hold the records themselves. */

/** Hears of episodes for which the rules come to no answer. */
export type NoteUndefined = (episodeId: string) => void;

/** Fills the derived columns of the rows of `episodes`; `facts` are of the same episodes, in the same order. */

export function addEpisodeMeaning(
  rows: readonly AnyRow[],
  facts: readonly EpisodeFacts[],
  months: OutcomeMonths,
  noteUndefined: NoteUndefined,
): void {
  facts.forEach((episode, i) => {
    const { outcome, laterEpisodeId, rule, error } = episodeOutcome(episode, facts, months);
    if (error) noteUndefined(episode.episodeId);
    Object.assign(rows[i]!, {
      sort_date: sortDate(episode),
      status: episodeStatus(episode),
      outcome,
      outcome_episode_id: laterEpisodeId,
      outcome_rule: rule,
      is_post_op: isPostOp(episode, facts),
      has_events: episode.events.length > 0,
      has_valid_events: isValid(episode),
      has_malignant_opinions: hasMalignantOpinions(episode),
      has_benign_opinions: hasBenignOpinions(episode),
      is_interval_cancer: isIntervalCancer(episode),
    });
  });
}

const TABLE_OF = { surgery: 'surgeries', biopsy_wide: 'wide_biopsies' } as const;

/** Fills the derived columns of the rows of `lesions`; they stand episode by episode, as in `facts`. */
export function addLesionMeaning(rows: readonly AnyRow[], facts: readonly EpisodeFacts[]): void {
  const lesions = facts.flatMap((episode) => episode.lesions);
  lesions.forEach((lesion, i) => {
    const { invasive, inSitu, grade, gradeFrom } = lesionMeaning(lesion);
    Object.assign(rows[i]!, {
      is_invasive: invasive,
      is_in_situ: inSitu,
      grade,
      grade_from: gradeFrom === null ? null : `${TABLE_OF[gradeFrom.procedure]}.${gradeFrom.field}`,
    });
  });
}

/** Derived columns of the row of `clients`. */
export function clientMeaningCells(facts: readonly EpisodeFacts[]) {
  const summary = clientSummary(facts);
  return {
    status: summary.status,
    first_episode_date: summary.firstEpisodeDate,
    last_episode_date: summary.lastEpisodeDate,
    malignant_episode_count: summary.malignantEpisodeCount,
    benign_episode_count: summary.benignEpisodeCount,
    interval_cancer_count: summary.intervalCancerEpisodeCount,
  };
}

/** What a study shows of its episode. */
export interface StudyMeaning extends StudyEvents {
  readonly inReference: boolean;
}

/**
 * The events of every linked study, by StudyInstanceUID. Studies that the reference does not consider are looked at on
 * their own, so that they take no events from those that it does.
 */
export function studyMeanings(
  joined: JoinedClient,
  facts: readonly EpisodeFacts[],
): ReadonlyMap<string, StudyMeaning> {
  const meanings = new Map<string, StudyMeaning>();
  const inFileOrder = joined.imagedb?.studies.map(({ uid }) => uid) ?? [];
  const byUid = new Map(joined.studies.map((study) => [study.uid, study]));
  const linked = inFileOrder.map((uid) => byUid.get(uid)!).filter(({ link }) => link.episodeId !== null);
  for (const episode of facts) {
    const ofEpisode = linked.filter(({ link }) => link.episodeId === episode.episodeId);
    const considered = ofEpisode.filter(isInReference);
    const groups = [
      considered,
      ...ofEpisode.filter((study) => !isInReference(study)).map((study) => [study]),
    ];
    for (const group of groups) {
      const studies = group.map(({ uid, date }) => ({ studyInstanceUid: uid, date: date! }));
      studyEvents(studies, episode).forEach((events, i) => {
        meanings.set(group[i]!.uid, { ...events, inReference: isInReference(group[i]!) });
      });
    }
  }
  return meanings;
}

function isInReference({ listed, onDisk }: JoinedStudy): boolean {
  return isConsidered({ inImagedb: listed !== null, inData: onDisk?.inData ?? false });
}

/** Derived columns of the row of a study. */
export function studyMeaningCells(meaning: StudyMeaning | undefined) {
  return {
    event_types: meaning?.distinct ?? [],
    event_types_all: meaning?.all ?? [],
    event_link: meaning?.how ?? null,
    in_reference: meaning?.inReference ?? false,
  };
}
