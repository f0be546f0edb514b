import type { RowOf } from '../../schemas/row.js';
import type { episodes } from '../../schemas/tables/episodes.js';
import type { EpisodeModel } from '../model/client-model.js';

type EpisodeRow = RowOf<typeof episodes>;

export function episodeRow(clientId: string, episode: EpisodeModel): EpisodeRow {
  const { episodeId, record, facts, meaning } = episode;
  const { outcome } = meaning;
  return {
    client_id: clientId,
    episode_id: episodeId,
    sort_date: meaning.sortDate,
    status: meaning.status,
    outcome: outcome.outcome,
    outcome_episode_id: outcome.laterEpisodeId,
    outcome_rule: outcome.rule,
    next_episode_id: meaning.next?.episodeId ?? null,
    months_to_next_episode: meaning.next?.months ?? null,
    is_post_op: meaning.isPostOp,
    has_events: facts.events.length > 0,
    has_valid_events: meaning.hasValidEvents,
    has_malignant_opinions: meaning.hasMalignantOpinions,
    has_benign_opinions: meaning.hasBenignOpinions,
    is_interval_cancer: meaning.isIntervalCancer,
    fields: record.fields,
    extra: record.extra,
  };
}
