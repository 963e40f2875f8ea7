/** Where and how one model is reached. */
export interface ModelTarget {
  /** Ends in /v1, without a slash behind it. */
  readonly baseUrl: string;
  readonly apiKey: string | null;
  readonly headers: Readonly<Record<string, string>>;
  /** What the server calls the model. */
  readonly modelName: string;
  /** Tokens that one conversation may have; null = not known yet. */
  readonly contextSize: number | null;
  /** What people call it. */
  readonly label: string;
}

/** Finds the server of a model (null = the default one). Rejects with a BooError that says what to do. Called for every prompt: answer from memory. */
export type ResolveModel = (model: string | null) => Promise<ModelTarget>;
