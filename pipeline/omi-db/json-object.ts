/** A JSON object as it was parsed. */
export type JsonObject = Record<string, unknown>;
