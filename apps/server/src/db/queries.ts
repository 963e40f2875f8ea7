import type postgres from 'postgres';

/** What can run queries: the pool or a transaction. Stores take it where a caller may want several questions to be one transaction. */
export type Queries = postgres.ISql;
