import type { Report } from '../../schemas/mismatch-kinds.js';
import { readNbssFile, type NbssFile } from '../nbss/client-file.js';
import { textOrNull } from '../omi-db/raw-values.js';
import { UnknownFields } from '../omi-db/unknown-fields.js';
import type { ClientRecord } from '../stages/extract.js';
import { joinClient } from '../stages/join.js';
import { clientExtra, interpretClient } from './client.js';
import type { ClientModel, EpisodeModel } from './client-model.js';
import type { InterpretContext, InterpretSettings } from './context.js';
import { episodeFacts } from './episode-facts.js';
import { interpretEpisodes, linkableEpisode } from './episodes.js';
import { interpretStudy } from './studies.js';
import { studyHistories, womanHistory } from './study-history.js';
import { studyMeanings } from './study-meanings.js';
import { NO_MISMATCHES } from './worst-mismatch.js';

/**
 * Interpret: one client's records to the model of her that rows and reconcile go by. Records get their types, the views of
 * studies and images are joined and linked to episodes, episodes get their meaning, and then studies with their images.
 * What is odd is reported on the way, in that order.
 */
export function interpret(record: ClientRecord, settings: InterpretSettings, report: Report): ClientModel {
  const { clientId } = record.plan;
  const { tags, months } = settings;
  const imagedbPath = record.imagedb?.path ?? null;
  const unknown = new UnknownFields(clientId, report);
  const context = { tags, months, clientId, imagedbPath, report, unknown };
  const nbss = readNbss(record, context);
  const facts = nbss?.episodes.map(episodeFacts) ?? [];
  const joined = joinClient(record, facts.map(linkableEpisode), report);
  const episodes = interpretEpisodes(nbss?.episodes ?? [], facts, months);
  for (const episode of episodes) reportUndefined(episode, record, report);
  const client = nbss === null ? null : interpretClient(nbss, record.nbss!.path, facts, context);
  const extra = clientExtra(joined.imagedb, nbss, context);
  const meanings = studyMeanings(joined, facts);
  const history = womanHistory(facts);
  const histories = studyHistories(joined, meanings, facts, history);
  const byId = new Map(episodes.map((episode) => [episode.episodeId, episode]));
  const studies = joined.studies.map((study) => {
    const { episodeId } = study.link;
    const episode = episodeId === null ? null : byId.get(episodeId)!;
    return interpretStudy(study, episode, meanings.get(study.uid), histories.get(study.uid)!, context);
  });
  return {
    clientId,
    record,
    tags,
    imagedb: joined.imagedb,
    nbss: client,
    site: textOrNull(joined.imagedb?.site),
    extra,
    episodes,
    studies,
    history,
    worstMismatches: NO_MISMATCHES,
  };
}

/** The nbss file with its fields converted; null when there is none that can be read. */
function readNbss({ nbss: file }: ClientRecord, context: InterpretContext): NbssFile | null {
  if (file === null) return null;
  const { clientId, report, unknown } = context;
  return readNbssFile({ clientId, path: file.path, nbss: file.object, text: file.text }, report, unknown);
}

/** An episode for which the rules come to no answer. */
function reportUndefined(
  { episodeId, meaning }: EpisodeModel,
  { plan, nbss }: ClientRecord,
  report: Report,
): void {
  if (!meaning.outcome.error) return;
  report({
    kind: 'episode_outcome_undefined',
    client_id: plan.clientId,
    path: nbss!.path,
    detail: `The rules come to no outcome for episode ${episodeId} with the months of this run.`,
    found: episodeId,
  });
}
