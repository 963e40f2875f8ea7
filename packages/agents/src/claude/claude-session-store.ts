/** Names a transcript of a Claude session; `subpath`: that of a sub-agent. */
export interface ClaudeSessionKey {
  readonly projectKey: string;
  readonly sessionId: string;
  readonly subpath?: string;
}

/** One line of a transcript: plain JSON, of which only these fields matter to a store. */
export interface ClaudeSessionEntry {
  readonly type: string;
  readonly uuid?: string;
  readonly timestamp?: string;
  readonly [field: string]: unknown;
}

/**
 * Where Claude's SDK mirrors the transcripts of its sessions, to resume them from. Entries with a uuid come again after a failure and are kept once; the others
 * are appended. The order is that of the calls. It is only used when Claude's own folder (`CLAUDE_CONFIG_DIR`, or `.claude` at home) is the same for this program and for Claude.
 */
export interface ClaudeSessionStore {
  append(key: ClaudeSessionKey, entries: readonly ClaudeSessionEntry[]): Promise<void>;
  /** In their order; null: there never was such a transcript. */
  load(key: ClaudeSessionKey): Promise<ClaudeSessionEntry[] | null>;
  /** The subpaths that were appended to besides the session's own transcript. */
  listSubkeys?(key: { readonly projectKey: string; readonly sessionId: string }): Promise<string[]>;
}
