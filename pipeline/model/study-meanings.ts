import type { EpisodeFacts } from '../semantics/facts.js';
import { isConsidered, studyEvents, type StudyEvents } from '../semantics/study-events.js';
import type { JoinedClient, JoinedStudy } from '../stages/join.js';

/** What a study shows of its episode. */
export interface StudyMeaning {
  readonly events: StudyEvents;
  /** Whether the reference would keep it. */
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
  const mean = (studies: readonly JoinedStudy[], episode: EpisodeFacts, inReference: boolean): void => {
    const dated = studies.map(({ uid, date }) => ({ studyInstanceUid: uid, date: date! }));
    studyEvents(dated, episode).forEach((events, i) => {
      meanings.set(studies[i]!.uid, { events, inReference });
    });
  };
  for (const episode of facts) {
    const ofEpisode = linked.filter(({ link }) => link.episodeId === episode.episodeId);
    mean(ofEpisode.filter(isInReference), episode, true);
    for (const study of ofEpisode) if (!isInReference(study)) mean([study], episode, false);
  }
  return meanings;
}

function isInReference({ listed, onDisk }: JoinedStudy): boolean {
  return isConsidered({ inImagedb: listed !== null, inData: onDisk?.inData ?? false });
}
